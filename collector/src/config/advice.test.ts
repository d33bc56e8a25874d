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
  ['rules: [{ name: load, source: { measurement: system, field: load1 }, condition: { above: 0.9 } }]', []],
])('%s: what is hardly meant is said and stops nothing', (yaml, expected) => {
  expect(adviceFor(yaml)).toEqual(expected)
})
