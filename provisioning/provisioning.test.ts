// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of the checked files is what is tested.
import { describe, expect, it } from 'vitest'
import { pageProblems, panelProblems, routingProblems, ruleProblems } from './alerting-checks.ts'
import { type Breakable, broken, grafanaOf, pointsOf, policyOf, real, rulesOf, sourcesOf } from './broken-tree.ts'
import { datasourceProblems, doubleProblems, type Known, mountProblems, pluginProblems, shapeProblems, toKnown } from './checks.ts'
import { expansionProblems, secretProblems, serviceProblems, variableProblems } from './environment-checks.ts'
import type { Tree } from './tree.ts'

/** Every check by name, each on the whole tree. */
const checks: Record<string, (tree: Tree, known: Known) => string[]> = {
  doubles: (_, known) => doubleProblems(known),
  datasources: (tree, known) => datasourceProblems(known, tree.dashboards),
  plugins: (tree, known) => pluginProblems(known, tree.pluginIds),
  mounts: (_, known) => mountProblems(known),
  routing: (_, known) => routingProblems(known),
  rules: (_, known) => ruleProblems(known),
  panels: (tree, known) => panelProblems(known, tree.dashboards),
  pages: (tree, known) => pageProblems(known, tree.pages, tree.dashboards),
  expansion: (tree, known) => expansionProblems(tree.provisioning, known),
  secrets: (tree, known) => secretProblems(tree.provisioning, known),
  variables: (tree, known) => variableProblems(known, tree.env),
  services: (_, known) => serviceProblems(known),
}

describe('what Grafana is given', () => {
  it('has the shape Grafana reads, in every file', () => {
    expect(shapeProblems(real)).toEqual([])
  })

  for (const [name, check] of Object.entries(checks)) {
    it(`holds together: ${name}`, () => {
      expect(check(real, toKnown(real))).toEqual([])
    })
  }
})

describe('a tree that does not hold together is found by', () => {
  const cases: [string, string, (tree: Breakable) => void, string][] = [
    [
      'doubles',
      'two datasources of one uid',
      (tree) => Object.assign(sourcesOf(tree)[1], { uid: 'tidewatch' }),
      'datasource uid "tidewatch" stands twice',
    ],
    ['doubles', 'no default datasource', (tree) => delete sourcesOf(tree)[0].isDefault, 'exactly one datasource is the default'],
    [
      'doubles',
      'two rules of one title',
      (tree) => Object.assign(rulesOf(tree)[1], { title: 'host-cpu-high' }),
      'rule title "host-cpu-high" stands twice',
    ],
    [
      'datasources',
      'a rule on an unknown source',
      (tree) => Object.assign(rulesOf(tree)[0].data[0], { datasourceUid: 'flux' }),
      'rule tidewatch-host-cpu-high asks the datasource "flux", which is not provisioned',
    ],
    [
      'datasources',
      'a dashboard on an unknown source',
      (tree) => Object.assign(tree.dashboards, { 'x.json': { panels: [{ datasource: { uid: 'gone' } }] } }),
      'x.json asks the datasource "gone", which is not provisioned',
    ],
    [
      'plugins',
      'a plugin that is not allowed',
      (tree) => tree.pluginIds.push('tidewatch-new-panel'),
      'the plugin tidewatch-new-panel is not allowed to load unsigned',
    ],
    [
      'plugins',
      'an app that is off',
      (tree) => Object.assign(tree.provisioning['plugins/tidewatch.yaml'].apps[0], { disabled: true }),
      'the app tidewatch-monitoring-app is not enabled',
    ],
    [
      'plugins',
      'a plugin in the wrong folder',
      (tree) => {
        grafanaOf(tree).volumes.find((volume: Breakable) => volume.type === 'bind').target = '/var/lib/grafana/plugins/tidewatch'
      },
      'plugin/dist is not mounted where Grafana looks for the app',
    ],
    [
      'mounts',
      'a folder that is not there',
      (tree) => tree.compose.services.collector.volumes.push('./gone:/gone:ro'),
      'collector mounts ./gone, which does not exist',
    ],
    [
      'mounts',
      'a folder that may be written to',
      (tree) => tree.compose.services.collector.volumes.push('./docs:/docs'),
      'collector may write to ./docs',
    ],
    [
      'mounts',
      'a volume without a declaration',
      (tree) => delete tree.compose.volumes['grafana-data'],
      'grafana mounts the volume grafana-data, which is not declared',
    ],
    [
      'mounts',
      'provisioning that Grafana does not see',
      (tree) => grafanaOf(tree).volumes.pop(),
      'provisioning/alerting is not mounted where Grafana looks for it',
    ],
    [
      'mounts',
      'dashboards in the wrong place',
      (tree) => Object.assign(tree.provisioning['dashboards/tidewatch.yaml'].providers[0].options, { path: '/dashboards' }),
      "the dashboards' path /dashboards is not where dashboards/ is mounted",
    ],
    [
      'routing',
      'a contact point that is missing',
      (tree) => Object.assign(policyOf(tree).routes[1], { receiver: 'pager' }),
      'contact point "pager" is used and does not exist',
    ],
    [
      'routing',
      'a contact point nobody uses',
      (tree) => pointsOf(tree).push({ ...pointsOf(tree)[1], name: 'spare' }),
      'contact point "spare" exists and nothing uses it',
    ],
    [
      'routing',
      'a mute timing that is missing',
      (tree) => (policyOf(tree).routes[1].mute_time_intervals = ['nights']),
      'mute timing "nights" is used and does not exist',
    ],
    [
      'routing',
      'a template that is missing',
      (tree) => Object.assign(pointsOf(tree)[1].receivers[0].settings, { subject: '{{ template "title" . }}' }),
      'template "title" is used and does not exist',
    ],
    [
      'rules',
      'a threshold on the raw query',
      (tree) => Object.assign(rulesOf(tree)[0].data[2].model, { expression: 'A' }),
      'rule tidewatch-host-cpu-high: the threshold does not read the reduction',
    ],
    [
      'rules',
      'a condition that is no threshold',
      (tree) => Object.assign(rulesOf(tree)[0], { condition: 'B' }),
      'rule tidewatch-host-cpu-high: the condition is not the threshold',
    ],
    [
      'rules',
      'a query without a time',
      (tree) => {
        const { model } = rulesOf(tree)[0].data[0]
        model.query = model.query.replace(' AND $timeFilter', '')
      },
      'rule tidewatch-host-cpu-high: the query has no $timeFilter, so it reads everything there is',
    ],
    [
      'rules',
      'a query with a dashboard variable',
      (tree) => {
        const { model } = rulesOf(tree)[0].data[0]
        model.query = model.query.replace("'cpu-total'", "'$cpu'")
      },
      'rule tidewatch-host-cpu-high: the query uses a dashboard variable',
    ],
    [
      'rules',
      'a severity nobody knows',
      (tree) => Object.assign(rulesOf(tree)[0].labels, { severity: 'bad' }),
      'rule tidewatch-host-cpu-high: its severity is none of info, warning, high, critical',
    ],
    [
      'panels',
      'a panel that is missing',
      (tree) => Object.assign(rulesOf(tree)[0], { dashboardUid: 'gone', panelId: 1 }),
      'rule tidewatch-host-cpu-high names panel 1 of gone, which does not exist',
    ],
    [
      'pages',
      'a menu entry that leads nowhere',
      (tree) => tree.pages.push('d/gone'),
      'the app\'s menu leads to the dashboard "gone", which does not exist',
    ],
    [
      'pages',
      'a first page that is not there',
      (tree) => delete tree.dashboards['overview.json'],
      "Grafana's first page is /etc/tidewatch/dashboards/overview.json, which does not exist",
    ],
    [
      'expansion',
      'a label with one dollar sign',
      (tree) => Object.assign(rulesOf(tree)[0].annotations, { summary: '{{ $labels.host }}' }),
      'alerting/rules.yaml groups.0.rules.0.annotations.summary: a lone $ before "labels"; write $$ for a dollar sign',
    ],
    [
      'expansion',
      'a name that compose does not set',
      (tree) => Object.assign(sourcesOf(tree)[0].secureJsonData, { readToken: '${READ}' }),
      'datasources/tidewatch.yaml datasources.0.secureJsonData.readToken: ${READ} is not in the environment of grafana',
    ],
    [
      'secrets',
      'a token in a file',
      (tree) => Object.assign(sourcesOf(tree)[0].secureJsonData, { readToken: 'tw_abc' }),
      'datasources/tidewatch.yaml datasources.0.secureJsonData.readToken holds a secret',
    ],
    [
      'secrets',
      'a password in the compose file',
      (tree) => Object.assign(grafanaOf(tree).environment, { GF_SECURITY_ADMIN_PASSWORD: 'admin' }),
      'docker-compose.yml grafana.GF_SECURITY_ADMIN_PASSWORD holds a secret',
    ],
    [
      'variables',
      'a secret that .env.example forgets',
      (tree) => tree.env.required.shift(),
      'TIDEWATCH_READ_TOKEN must be set, and .env.example does not ask for it',
    ],
    ['variables', 'a name nothing uses', (tree) => tree.env.optional.push('OLD'), '.env.example names OLD, which nothing uses'],
    [
      'variables',
      'a variable that may be empty unseen',
      (tree) => Object.assign(grafanaOf(tree).environment, { GF_X: '${X}' }),
      'X may be unset without a word: write ${X:?…} or ${X:-…} once',
    ],
    [
      'services',
      'an address nobody listens on',
      (tree) => Object.assign(sourcesOf(tree)[1], { url: 'http://influx:8086' }),
      'http://influx:8086 is no service of the compose file',
    ],
    ['services', 'a port open to the world', (tree) => (grafanaOf(tree).ports[0] = '3000:3000'), 'grafana is published to everyone'],
    [
      'services',
      'a published database',
      (tree) => (tree.compose.services.influxdb.ports = ['8086:8086']),
      'influxdb is published; only the collector and grafana need it',
    ],
    [
      'services',
      'a service that does not wait',
      (tree) => delete tree.compose.services.collector.depends_on,
      'a service starts before what it needs',
    ],
    [
      'services',
      'a health check that means little',
      (tree) => (tree.compose.services.collector.healthcheck.test = ['CMD', 'true']),
      'the health of the collector is not asked at /readyz',
    ],
    [
      'services',
      'a Grafana that hides who asks',
      (tree) => delete grafanaOf(tree).environment.GF_DATAPROXY_SEND_USER_HEADER,
      'grafana does not send who is signed in',
    ],
  ]

  for (const [check, title, breakIt, problem] of cases) {
    it(`${check}: ${title}`, () => {
      const tree = broken(breakIt)
      expect(checks[check]?.(tree, toKnown(tree))).toContain(problem)
    })
  }

  it('every check', () => {
    expect([...new Set(cases.map(([check]) => check))].sort()).toEqual(Object.keys(checks).sort())
  })
})
