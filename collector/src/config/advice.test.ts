import { expect, test } from 'vitest'
import { adviceOn } from './advice.ts'
import { loadConfig } from './load.ts'

const adviceFor = (yaml: string) =>
  adviceOn(loadConfig({ flags: { config: 'x' }, env: {}, files: { exists: () => true, read: () => yaml } }))
const receivers = 'receivers: [{ name: ops, type: log }, { name: night, type: log }]'

test.each([
  ['', []],
  [receivers, []],
  [`${receivers}\nroute: { receiver: ops }`, ['receivers: nothing is ever sent to "night"; no route, escalation or heartbeat names it']],
  [`${receivers}\nroute: { receiver: ops }\nheartbeat: { receiver: night }`, []],
  [`${receivers}\nroute: { receiver: ops, escalation: e }\nescalations: [{ name: e, steps: [{ receiver: night }] }]`, []],
  [
    `route: { receiver: log, routes: [{ receiver: log, matchers: ['alertname="host-cpu-hihg"'] }] }`,
    ['route: no rule is called "host-cpu-hihg", did you mean "host-cpu-high"?'],
  ],
  [
    `route: { receiver: log, routes: [{ receiver: log, matchers: ['alertname=~"host-.*"'] }, { receiver: log, matchers: ['alertname="ReceiverFailing"'] }] }`,
    [],
  ],
  [
    `inhibit_rules: [{ source_matchers: ['alertname=~"disk.+"'], target_matchers: [a=b] }]`,
    ['inhibit_rules: no rule is called anything like "disk.+"'],
  ],
  [
    `hooks: [{ name: g, type: grafana, secret: a-secret-of-some-length }]\nroute: { receiver: log, routes: [{ receiver: log, matchers: [alertname=Theirs] }] }`,
    [],
  ],
  [
    'rules: [{ name: full, source: { measurement: disk, field: used_percent }, condition: { above: 0.9 } }]',
    ['rule "full": used_percent is in percent, 0 to 100, and its limit is 0.9; was 90 meant?'],
  ],
  [
    `route: { receiver: log, routes: [{ receiver: log, matchers: ['severity="P0"'] }, { receiver: log, matchers: ['severity=~"low|warn"'] }] }`,
    [
      'route: no alert has the severity "P0"; write severity="critical"',
      'route: no alert has the severity "low|warn"; write severity=~"info|warning"',
    ],
  ],
  [
    `inhibit_rules: [{ source_matchers: ['severity="crit"'], target_matchers: ['severity=~"warn.*"'] }]`,
    ['inhibit_rules: no alert has the severity "crit"; they are info, warning, high, critical'],
  ],
  [
    'receivers: [{ name: am, type: alertmanager, url: "http://x", hold: 4h }]',
    ['receivers: "am" ends alerts after its hold, before a route repeats them; make hold longer than repeat_interval'],
  ],
  ['receivers: [{ name: am, type: alertmanager, url: "http://x" }]', []],
  ['rules: [{ name: load, source: { measurement: system, field: load1 }, condition: { above: 0.9 } }]', []],
  [
    "rules: [{ name: hot, source: { measurement: m, field: f, group_by: [hots] }, labels: { team: a }, condition: { above: 9 }, annotations: { summary: '{{ labels.host }} of {{labels.team}} at {{labels.hots}}' } }]",
    ['rule "hot": annotations.summary names {{labels.host}}, which stays empty: group_by is [hots]'],
  ],
  [
    "rules: [{ name: hot, source: { measurement: m, field: f }, condition: { above: 9 }, annotations: { summary: '{{labels.host}}' } }]",
    [],
  ],
  [
    "rules: [{ name: gone, kind: absent, source: { measurement: m, field: f, where: { job: backup }, group_by: [] }, annotations: { summary: '{{labels.job}} on {{labels.host}}' } }]",
    ['rule "gone": annotations.summary names {{labels.host}}, which stays empty: group_by is []'],
  ],
])('%s: what is hardly meant is said and stops nothing', (yaml, expected) => {
  expect(adviceFor(yaml)).toEqual(expected)
})

const watch = (rule: string, source: string, config = '') =>
  adviceFor(`presets: []\n${config}\nrules: [{ name: r, source: ${source}, condition: { above: 1 }, ${rule} }]`)
const cpu = '{ measurement: cpu, field: usage_user }'
const slowHost = 'sources: [{ type: host, interval: 1m }]'
const scraped = 'sources: [{ type: scrape, job: web, targets: [a], interval: 1m }, { type: scrape, job: db, targets: [b], interval: 30s }]'

test.each([
  ['window: 5m, for: 2m, min_samples: 5', cpu, slowHost, []],
  [
    'window: 30s',
    cpu,
    slowHost,
    ['rule "r": its window of 30s is empty most of the time, for the source host reads cpu every 1m; write 3m or more'],
  ],
  [
    'window: 5m, for: 30s',
    cpu,
    slowHost,
    ['rule "r": its `for` of 30s is over before another sample comes, for the source host reads cpu every 1m: one alone makes it fire'],
  ],
  [
    'window: 5m, min_samples: 20',
    cpu,
    slowHost,
    ['rule "r": it never has the 20 samples of min_samples, for the source host reads cpu every 1m: a window of 5m holds 6 at most'],
  ],
  ['window: 5m, min_samples: 20', '{ measurement: cpu, field: usage_user, group_by: [host] }', slowHost, []],
  ['window: 5s', '{ measurement: swap, field: used }', '', [expect.stringContaining('for the source host reads swap every 10s')]],
  ['window: 5s', '{ measurement: swap, field: used }', 'sources: [{ type: host, gather: [cpu] }]', []],
  ['window: 5s', '{ measurement: tidewatch_collector, field: rss }', '', [expect.stringContaining('the source self reads it every 10s')]],
  ['window: 5s', '{ measurement: orders, field: count }', scraped, []],
  ['window: 45s', '{ measurement: queries, field: value, where: { job: db } }', scraped, []],
  [
    'window: 45s',
    '{ measurement: queries, field: value, where: { job: web } }',
    scraped,
    [expect.stringContaining('the job "web" is scraped every 1m')],
  ],
  ['window: 45s', '{ measurement: up, field: value }', scraped, [expect.stringContaining('the job "web" is scraped every 1m')]],
  [
    'kind: ratio, over: { field: count, measurement: up }, window: 45s, min_samples: 1000',
    '{ measurement: errors, field: count }',
    scraped,
    [expect.stringContaining('its window of 45s is empty')],
  ],
])('of %s on %s with %s is said when samples come too seldom', (rule, source, config, expected) => {
  expect(watch(rule, source, config)).toEqual(expected)
})

test('the presets are held against components that are checked seldom', () => {
  const component = '{ name: shop, type: http, url: "http://a", interval: 30m }'
  expect(adviceFor(`presets: [components]\ncomponents: [${component}]`)).toEqual([
    'rule "component-down": its window of 15m is empty most of the time, for "shop" is checked every 30m; write 1h30m or more',
    'rule "component-degraded": its window of 15m is empty most of the time, for "shop" is checked every 30m; write 1h30m or more',
    'rule "component-degraded": its `for` of 5m is over before another sample comes, for "shop" is checked every 30m: one alone makes it fire',
  ])
})

const ruled = (rest: string) =>
  adviceFor(`presets: []
rules: [{ name: r, source: { measurement: m, field: f, group_by: [cluster] }, labels: { team: a }, condition: { above: 1 } }]
${rest}`)
const routed = (routes: string) => ruled(`route: { receiver: log, routes: [${routes}] }`)

test.each([
  ['{ matchers: [team=a], group_by: [alertname, severity, cluster, team, receiver] }', []],
  ['{ matchers: [team=a], group_by: ["..."] }', []],
  [
    '{ matchers: [team=a], group_by: [clutser], routes: [{ matchers: [cluster=x] }] }',
    ['route /{team="a"}: group_by names "clutser", a label that no rule gives its alerts, did you mean "cluster"?'],
  ],
  ['{ matchers: [taem=a] }', ['route /{taem="a"}: taem="a" asks for "taem", a label that no rule gives its alerts, did you mean "team"?']],
  ['{ matchers: [taem!=a, team=a] }', []],
  [
    '{ matchers: [team=a], continue: true }, { matchers: [cluster=x] }, { matchers: [team=a, cluster=x] }',
    ['route /{team="a",cluster="x"}: nothing comes to it; {cluster="x"} before it takes all, and does not say continue'],
  ],
])('of the routes %s is said what no alert can match or be grouped by', (routes, expected) => {
  expect(routed(routes)).toEqual(expected)
})

test('of inhibit rules is said which label in equal no alert can have', () => {
  const inhibit = (equal: string) =>
    ruled(`inhibit_rules: [{ source_matchers: [team=a], target_matchers: [cluster=x], equal: [${equal}] }]`)
  expect(inhibit('cluster')).toEqual([])
  expect(inhibit('region')).toEqual([
    'inhibit_rules: equal, for which a label missing on both sides is equal, names "region", a label that no rule gives its alerts',
  ])
})

test.each([
  ['a rule that looks at each series by itself', '{ name: s, source: { measurement: m, field: f }, condition: { above: 1 } }', ''],
  [
    'a composite of one',
    '{ name: s, source: { measurement: m, field: f }, condition: { above: 1 } }, { name: t, kind: composite, expression: { and: [s, u] } }, { name: u, source: { measurement: m, field: f, group_by: [] }, condition: { above: 1 } }',
    '',
  ],
  ['alerts from elsewhere', '', 'hooks: [{ name: g, type: grafana, secret: a-secret-of-some-length }]'],
])('with %s any label may come, and nothing is said', (_, rules, more) => {
  expect(adviceFor(`presets: []\n${more}\nrules: [${rules}]\nroute: { receiver: log, group_by: [anything] }`)).toEqual([])
})

test('where any label may come, a slip in a label that rules name is pointed out', () => {
  const advice = (groupBy: string) =>
    adviceFor(`presets: []
rules: [{ name: s, source: { measurement: m, field: f, where: { cluster: x } }, condition: { above: 1 } }]
route: { receiver: log, group_by: [${groupBy}] }`)
  expect(advice('cluster, clusterid, service, zone')).toEqual([])
  expect(advice('clutser')).toEqual(['route: group_by names "clutser", a label that no rule names, did you mean "cluster"?'])
})

test('a composite has the labels of its members, or those it is matched by', () => {
  const composite = (match: string) =>
    `{ name: a, source: { measurement: m, field: f, group_by: [host] }, condition: { above: 1 } }, { name: b, kind: composite, expression: { not: a }${match} }`
  const advice = (match: string, groupBy: string) =>
    adviceFor(`presets: []\nrules: [${composite(match)}]\nroute: { receiver: log, group_by: [${groupBy}] }`)
  expect(advice('', 'host')).toEqual([])
  expect(advice(', match: [zone]', 'zone')).toEqual([])
  expect(advice('', 'zone')).toEqual([expect.stringContaining('route: group_by names "zone"')])
})
