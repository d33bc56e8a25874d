import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { type RuleInput, ruleSchema } from '../src/alerts/rules/definition/rule-schema.ts'
import { parseSeries, parseValues } from '../src/cli/rules-test/notation.ts'
import { createReplay } from '../src/cli/rules-test/replay-series.ts'
import { newFolder, runCommand } from './collector.ts'

const rule = { name: 'Hot', source: { measurement: 'load', field: 'value' }, condition: { above: 90 }, for: '5m' }

async function testRules(expected: object, rules: readonly object[] = [rule]) {
  const folder = newFolder()
  writeFileSync(join(folder, 'tidewatch.yaml'), stringify({ rules }))
  const file = join(folder, 'tests.yaml')
  const input_series = [{ series: 'load{host="a"}', values: '50 95x9 50x10' }]
  const tests = [{ name: 'heat', interval: '1m', input_series, alert_rule_test: [{ alertname: 'Hot', ...expected }] }]
  writeFileSync(file, stringify({ rule_files: ['tidewatch.yaml'], evaluation_interval: '1m', tests }))
  return runCommand(['rules', 'test', file])
}

describe('tidewatch rules test', () => {
  test('is content with the alerts that are expected', async () => {
    const { code, out } = await testRules({ eval_time: '6m', exp_alerts: [{ exp_labels: { host: 'a', severity: 'warning' } }] })
    expect([code, out]).toEqual([0, expect.stringMatching(/tests\.yaml: 1 test, SUCCESS\n$/)])
    expect((await testRules({ eval_time: '5m', exp_alerts: [] })).code).toBe(0)
  })

  test('shows what lacks and what is too much, and ends with 1', async () => {
    const { code, out } = await testRules({ eval_time: '6m', exp_alerts: [{ exp_labels: { host: 'b' } }] })
    expect(code).toBe(1)
    expect(out).toContain('1 test, 1 FAILED (- expected, + got)\n  heat: Hot at 6m (')
    expect(out).toContain('fires, and differs in host:\n      alertname="Hot"\n    - host="b"\n    + host="a"\n')
  })

  test('names a mistake in a file with its place, writes what JUnit would, and ends with 2', async () => {
    const { code, errors } = await testRules({ eval_time: '6m', alertname: 'Cold' })
    expect([code, errors]).toEqual([
      2,
      expect.stringMatching(/tests\.yaml:\d+:\d+: tests\[0\]\.alert_rule_test\[0\]\.alertname: there is no rule/),
    ])
    const junit = join(newFolder(), 'junit.xml')
    expect((await runCommand(['rules', 'test', join(newFolder(), 'nowhere.yaml'), '--junit', junit])).code).toBe(2)
    expect(readFileSync(junit, 'utf8')).toContain('<error>Cannot read ')
    expect((await runCommand(['rules', 'test'])).code).toBe(2)
  })
})

/** Minutes that both look at. */
const minutes = Array.from({ length: 31 }, (_, index) => index)
const gone = { on_no_data: 'ok' } as const
const load = { name: 'Same', source: { measurement: 'load', field: 'value' }, condition: { above: 90 }, ...gone }

const rules: [string, RuleInput, object][] = [
  ['a threshold', load, { expr: 'load > 90' }],
  ['for', { ...load, for: '3m' }, { expr: 'load > 90', for: '3m' }],
  ['keep_firing_for', { ...load, keep_firing_for: '4m' }, { expr: 'load > 90', keep_firing_for: '4m' }],
  ['both', { ...load, for: '2m', keep_firing_for: '2m' }, { expr: 'load > 90', for: '2m', keep_firing_for: '2m' }],
  [
    'absent',
    { name: 'Same', kind: 'absent', source: { measurement: 'load', field: 'value', where: { host: 'a' }, group_by: ['host'] } },
    { expr: 'absent(load{host="a"})' },
  ],
  ['keep_firing_for longer than a gap', { ...load, keep_firing_for: '15m' }, { expr: 'load > 90', keep_firing_for: '15m' }],
  ['for that outlasts most of it', { ...load, for: '10m' }, { expr: 'load > 90', for: '10m' }],
  ['below', { ...load, condition: { below: 60 } }, { expr: 'load < 60' }],
  ['equals', { ...load, condition: { equals: 50 }, for: '2m' }, { expr: 'load == 50', for: '2m' }],
  [
    'a label with a template',
    { ...load, labels: { team: 'of-{{labels.host}}' } },
    { expr: 'load > 90', labels: { team: 'of-{{ $labels.host }}' } },
  ],
  ['the highest of a window', { ...load, aggregate: 'max', window: '3m' }, { expr: 'max_over_time(load[3m]) > 90' }],
  [
    'the mean of a window',
    { ...load, aggregate: 'mean', window: '3m', condition: { above: 70 } },
    { expr: 'avg_over_time(load[3m]) > 70' },
  ],
  [
    'all series as one',
    { ...load, source: { ...load.source, group_by: [] }, aggregate: 'max', window: '3m' },
    { expr: 'max(max_over_time(load[3m])) > 90' },
  ],
]
const inputs = [
  '50x5 95x9 50x20',
  '95 50 95 50 95x3 50x2 95x4 50 95x10',
  '95x4 _x12 95x6 50x10',
  '_x8 95x3 _x9 50x3 95x9',
  '95x6 stale _x5 95x4 stale _x12',
]

describe.runIf(existsSync('/usr/bin/promtool'))('beside promtool test rules', () => {
  // A series that went stale has left our windows at once; a range of Prometheus's still sees its samples.
  const isAlike = (ours: RuleInput, values: string) => ours.window === undefined || !values.includes('stale')
  const cases = rules.flatMap(([name, ours, theirs]) => inputs.map((values) => [name, values, ours, theirs] as const))
  test.each(cases.filter(([, values, ours]) => isAlike(ours, values)))(
    '%s fires at the same minutes on %s',
    async (_, values, ours, theirs) => {
      const series = ['load{host="a"}', 'load{host="b"}']
      const steps = [parseValues(values), parseValues('95x3 50x40')]
      const played = series.map((text, index) => ({ ...parseSeries(text), steps: steps[index] ?? [] }))
      const replay = createReplay([ruleSchema.parse(ours)], played, { startMs: 0, intervalMs: 60_000 })
      replay.start()
      const alert_rule_test: object[] = []
      for (const minute of minutes) {
        await replay.to(minute * 60_000)
        const firing = replay.alerts().filter(({ state }) => state === 'firing' || state === 'recovering')
        const exp_alerts = firing.map(({ labels: { alertname: _, severity: __, ...exp_labels } }) => ({ exp_labels }))
        alert_rule_test.push({ eval_time: `${minute}m`, alertname: 'Same', exp_alerts })
      }
      expect(promtool(theirs, series, [values, '95x3 50x40'], alert_rule_test)).toContain('SUCCESS')
    },
  )
})

function promtool(rule: object, series: readonly string[], values: readonly string[], alert_rule_test: readonly object[]): string {
  const folder = newFolder()
  writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: [{ name: 'g', interval: '1m', rules: [{ alert: 'Same', ...rule }] }] }))
  const input_series = series.map((name, index) => ({ series: name, values: values[index] }))
  const tests = [{ interval: '1m', input_series, alert_rule_test }]
  writeFileSync(join(folder, 'tests.yaml'), stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }))
  try {
    return execFileSync('/usr/bin/promtool', ['test', 'rules', 'tests.yaml'], { cwd: folder, encoding: 'utf8' })
  } catch (thrown) {
    return String((thrown as { stdout?: string; stderr?: string }).stdout) + String((thrown as { stderr?: string }).stderr)
  }
}
