import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { routeSchema, routesFor } from '../src/alerts/routing/tree/route.ts'
import { ruleSchema } from '../src/alerts/rules/definition/rule-schema.ts'
import { alertmanagerFileSchema, fromAlertmanager } from '../src/cli/convert/alertmanager.ts'
import { fromPrometheus, ruleFileSchema } from '../src/cli/convert/prometheus.ts'
import { parseSeries, parseValues } from '../src/cli/rules-test/notation.ts'
import { createReplay } from '../src/cli/rules-test/replay-series.ts'
import { newFolder, runCommand } from './collector.ts'

type Played = Readonly<Record<string, string>>

const load: Played = { 'load{host="a",job="x"}': '50x5 95x9 50x20', 'load{host="b",job="x"}': '95x3 50x40' }
const requests: Played = {
  'errors_total{job="x",code="500"}': '0+1x10 10+60x10 610+0x20',
  'errors_total{job="y",code="500"}': '0+1x40',
  'requests_total{job="x",code="200"}': '0+60x10 600+30x30',
  'requests_total{job="x",code="500"}': '0+1x10 10+60x10 610+0x20',
  'requests_total{job="y",code="200"}': '0+60x40',
}
const buckets: Played = {
  'latency_bucket{job="x",le="0.1"}': '0+100x40',
  'latency_bucket{job="x",le="1"}': '0+100x10 1000+200x30',
  'latency_bucket{job="x",le="+Inf"}': '0+100x10 1000+200x30',
}
const cpu: Played = Object.fromEntries(
  ['0', '1'].flatMap((core) => [
    [`node_cpu_seconds_total{instance="a",cpu="${core}",mode="idle"}`, `0+54x10 540+${3 + Number(core) * 6}x20 660+54x10`],
    [`node_cpu_seconds_total{instance="a",cpu="${core}",mode="user"}`, `0+6x10 60+${57 - Number(core) * 6}x20 1140+6x10`],
  ]),
)

const cases: readonly (readonly [expr: string, played: Played])[] = [
  ['load > 90', load],
  ['load{host="a"} > 90', load],
  ['load{host=~"a|c",job!=""} < 60', load],
  ['load != 50', load],
  ['load >= 95', load],
  ['load <= 50', load],
  ['90 < load', load],
  ['100 - load < 10', load],
  ['load * 2 / 10 + 1 > 19', load],
  ['-load < -90', load],
  ['max_over_time(load[3m]) > 90', load],
  ['avg_over_time(load[3m]) > 70', load],
  ['max by (job) (max_over_time(load[3m])) > 90', load],
  ['max(max_over_time(load[3m])) > 90', load],
  ['changes(load[15m]) > 1', load],
  ['absent(load{host="a"})', { 'load{host="a"}': '_x8 95x3 _x9 50x3 95x9' }],
  ['absent(load{job="x"})', load],
  ['rate(errors_total[5m]) > 0.5', requests],
  ['sum by (job) (rate(requests_total[5m])) > 1.2', requests],
  ['sum by (job) (rate(errors_total[5m])) / sum by (job) (rate(requests_total[5m])) > 0.2', requests],
  ['sum by (job) (rate(requests_total{code=~"5.."}[5m])) / sum by (job) (rate(requests_total[5m])) > 0.2', requests],
  ['sum(rate(errors_total{job="x"}[5m])) / sum(rate(requests_total[5m])) < 0.4', requests],
  ['100 * sum(increase(errors_total[5m])) / sum(increase(requests_total[5m])) > 10', requests],
  ['(1 - sum by (job) (rate(errors_total[5m])) / sum by (job) (rate(requests_total[5m]))) * 100 < 80', requests],
  ['100 - (avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[2m])) * 100) > 80', cpu],
  ['avg by (instance) (rate(node_cpu_seconds_total{mode="user",cpu=~"0|1"}[5m])) > 0.5', cpu],
  ['histogram_quantile(0.9, sum by (le, job) (rate(latency_bucket[5m]))) > 0.5', buckets],
]
const minutes = Array.from({ length: 36 }, (_, index) => index)

describe.runIf(existsSync('/usr/bin/promtool'))('a rule that was brought over', () => {
  test.each(cases.flatMap(([expr, played]) => (['0s', '3m'] as const).map((wait) => [expr, wait, played] as const)))(
    '%s for %s fires at the minutes at which Prometheus has it fire',
    async (expr, wait, played) => {
      const theirs = { alert: 'Same', expr, for: wait }
      const alert_rule_test = (await firingHere(theirs, played)).map((labelSets, minute) => ({
        ...{ eval_time: `${minute}m`, alertname: 'Same' },
        exp_alerts: labelSets.map((exp_labels) => ({ exp_labels })),
      }))
      expect(alert_rule_test.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(expr !== 'absent(load{job="x"})')
      expect(promtool(theirs, played, alert_rule_test)).toContain('SUCCESS')
    },
  )
})

/** The labels of what fires, minute by minute. */
async function firingHere(theirs: object, played: Played) {
  const { parts, left } = fromPrometheus(ruleFileSchema.parse({ groups: [{ name: 'g', interval: '1m', rules: [theirs] }] }))
  expect(left).toEqual([])
  const [part] = [parts.rules].flat()
  const series = Object.entries(played).map(([name, values]) => ({ ...parseSeries(name), steps: parseValues(values) }))
  const replay = createReplay([ruleSchema.parse(part?.value)], series, { startMs: 0, intervalMs: 60_000 })
  replay.start()
  const told: Record<string, string>[][] = []
  for (const minute of minutes) {
    await replay.to(minute * 60_000)
    const firing = replay.alerts().filter(({ state }) => state === 'firing')
    told.push(firing.map(({ labels: { alertname: _, severity: __, ...own } }) => own))
  }
  return told
}

function promtool(rule: object, played: Played, alert_rule_test: readonly object[]): string {
  const folder = newFolder()
  writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: [{ name: 'g', interval: '1m', rules: [rule] }] }))
  const input_series = Object.entries(played).map(([series, values]) => ({ series, values }))
  const tests = [{ interval: '1m', input_series, alert_rule_test }]
  writeFileSync(join(folder, 'tests.yaml'), stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }))
  try {
    return execFileSync('/usr/bin/promtool', ['test', 'rules', 'tests.yaml'], { cwd: folder, encoding: 'utf8' })
  } catch (thrown) {
    const { stdout, stderr } = thrown as { stdout?: string; stderr?: string }
    return String(stdout) + String(stderr)
  }
}

describe('tidewatch convert prometheus', () => {
  const file = join(newFolder(), 'rules.yml')
  const rules = [
    {
      ...{ alert: 'DiskFull', expr: 'disk_free_bytes{mount!="/tmp"} / disk_size_bytes < 0.1', for: '10m' },
      labels: { severity: 'page', team: 'ops' },
      annotations: { summary: '{{ $labels.host }} has {{ $value | humanizePercentage }} left', runbook: 'see {{ $externalURL }}' },
    },
    { alert: 'DiskFull', expr: 'predict_linear(disk_free_bytes[6h], 4 * 3600) < 0', labels: { severity: 'urgent' } },
    { record: 'job:up:sum', expr: 'sum by (job) (up)' },
    { alert: 'Both', expr: 'up == 0 and on (job) load > 5' },
  ]
  writeFileSync(file, stringify({ groups: [{ name: 'disks', interval: '30s', rules }] }))

  test('prints rules that check-config takes, with what differs above them, and tells what has no counterpart', async () => {
    const { code, out, errors } = await runCommand(['convert', 'prometheus', file])
    expect(code).toBe(1)
    expect(out).toContain('# it divides the means of a minute; where samples come more seldom, write a longer window\n')
    expect(out).toContain('summary: "{{labels.host}} has {{value}} left"')
    expect(out).toContain('runbook: see …')
    expect(out).toMatch(/name: DiskFull-warning[\s\S]*kind: forecast[\s\S]*within: 14400s[\s\S]*their_severity: urgent/)
    expect(errors).toContain('tidewatch: 2 not brought over:\n')
    expect(errors).toMatch(/rules\.yml:\d+:\d+: job:up:sum: is a recording rule/)
    expect(errors).toMatch(/rules\.yml:\d+:\d+: Both: "and" joins two conditions: .*composite/)
    const config = join(newFolder(), 'tidewatch.yaml')
    writeFileSync(config, out)
    expect((await runCommand(['check-config', '--config', config])).out).toContain('is valid: ')
  })

  test("takes a PrometheusRule of Kubernetes, and says what to do with Grafana's export", async () => {
    const wrapped = {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      spec: { groups: [{ name: 'g', rules: [rules[2], rules[0]] }] },
    }
    writeFileSync(file, stringify(wrapped))
    const { out, errors } = await runCommand(['convert', 'prometheus', file])
    expect(out).toContain('name: DiskFull')
    expect(errors).toMatch(/rules\.yml:7:\d+: job:up:sum: is a recording rule/)
    writeFileSync(file, stringify({ apiVersion: 1, groups: [{ name: 'g', folder: 'f', rules: [{ uid: 'a', title: 'Hot', data: [] }] }] }))
    expect((await runCommand(['convert', 'prometheus', file])).errors).toContain("Hot: is a rule of Grafana's own: leave it there")
  })

  test('names what is no file of rules', async () => {
    const other = join(newFolder(), 'other.yml')
    writeFileSync(other, 'rules: []')
    expect(await runCommand(['convert', 'prometheus', other])).toMatchObject({
      code: 1,
      errors: expect.stringContaining('other.yml: groups: is missing'),
    })
  })
})

const tree = {
  route: {
    receiver: 'default',
    routes: [
      { match: { team: 'db' }, receiver: 'db', continue: true },
      {
        ...{ match_re: { service: 'foo.*|bar' }, receiver: 'svc' },
        routes: [{ matchers: ['env="prod"', 'tier!="edge"'], receiver: 'svc-prod' }],
      },
      { matchers: ['{team=~"web|app", zone != eu}'], receiver: 'web' },
      { matchers: ['severity =~ "critical|warning"'], routes: [{ match: { last: 'yes' }, receiver: 'last' }] },
      { match: { team: 'all' }, routes: [{ receiver: 'rest' }] },
    ],
  },
  receivers: ['default', 'db', 'svc', 'svc-prod', 'web', 'last', 'rest'].map((name) => ({ name })),
}

describe.runIf(existsSync('/usr/bin/amtool'))('a tree of routes that was brought over', () => {
  const file = join(newFolder(), 'alertmanager.yml')
  writeFileSync(file, stringify(tree))
  const { parts } = fromAlertmanager(alertmanagerFileSchema.parse(tree))
  const route = routeSchema.parse('value' in (parts.route ?? {}) ? (parts.route as { value: unknown }).value : undefined)

  test.each([
    ['team=db'],
    ['team=db service=foo1'],
    ['service=foo1 env=prod'],
    ['service=foo1 env=prod tier=edge'],
    ['service=xfoo'],
    ['team=app'],
    ['team=app zone=eu'],
    ['team=db service=bar env=prod'],
    ['severity=warning'],
    ['severity=critical last=yes'],
    ['team=all'],
    ['x=y'],
  ])('tells those of an alert with %s of whom Alertmanager tells', (text) => {
    const words = text.split(' ')
    const labels = Object.fromEntries(words.map((word) => word.split('=') as [string, string]))
    const theirs = execFileSync('/usr/bin/amtool', ['config', 'routes', 'test', `--config.file=${file}`, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(routesFor(route, labels).flatMap(({ receivers }) => receivers)).toEqual(theirs.trim().split(','))
  })
})
