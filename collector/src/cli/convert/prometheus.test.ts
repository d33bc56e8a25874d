import { expect, test } from 'vitest'
import { fromPrometheus, ruleFileSchema } from './prometheus.ts'

const converted = (rule: object, group: object = {}) => {
  const { parts, left } = fromPrometheus(
    ruleFileSchema.parse({ groups: [{ ...group, rules: [{ alert: 'Down', expr: 'up == 0', ...rule }] }] }),
  )
  return { rule: [parts.rules].flat()[0], left }
}

test('a rule has what its group says, unless it says otherwise', () => {
  const group = { interval: '30s', limit: 5, labels: { team: 'ops', tier: 'one' } }
  expect(converted({ labels: { tier: 'two', severity: 'page' }, keep_firing_for: '5m' }, group).rule?.value).toEqual({
    ...{ name: 'Down', source: { measurement: 'up', field: 'value' }, condition: { equals: 0 }, keep_firing_for: '5m' },
    ...{ severity: 'critical', labels: { team: 'ops', tier: 'two' }, on_no_data: 'ok', every: '30s', limit: 5 },
  })
})

test.each([
  ['{{ $labels.host }} is at {{ $value | humanize }}', '{{labels.host}} is at {{value}}'],
  ['{{.Labels.host}} {{- printf "%.2f" $value -}} %', '{{labels.host}} {{value}} %'],
  ['{{ index $labels "host" }} {{ $value }}', '{{labels.host}} {{value}}'],
  ['{{ range query "up" }}x{{ end }}', '…x…'],
])('the text %s becomes %s', (theirs, ours) => {
  expect(converted({ annotations: { summary: theirs } }).rule?.value.annotations).toEqual({ summary: ours })
})

test('what a rule here cannot have is told in the words of its configuration', () => {
  expect(converted({ expr: 'max_over_time(load[3d]) > 1' }).left[0]?.why).toContain('window: must be at most 1d')
  expect(converted({ labels: { worth: '{{ $value }}' } }).left[0]?.why).toContain('labels.worth: {{value}} is not known')
})

test('a setting that is not looked at is named above its rule', () => {
  expect(converted({ debug: true }, { query_offset: '1m', interval: '30s' }).rule?.notes).toEqual([
    'debug: not brought over',
    'query_offset: not brought over',
  ])
  expect(converted({}, { interval: '30s' }).rule?.notes).toEqual([])
})

test('a function that is none is named, also where every object has something of that name', () => {
  for (const name of ['no_such', 'toString', 'constructor'])
    expect(converted({ expr: `${name}(up[5m]) > 5` }).left[0]?.why).toContain(`${name}() has no counterpart in rules`)
})

test('the mean of the CPU shares of all cores is their share in all seconds; of several modes, or of anything else, there is none', () => {
  const idle = '100 - avg by (instance) (irate(node_cpu_seconds_total{mode="idle",job="n"}[2m])) * 100 > 80'
  expect(converted({ expr: idle }).rule).toMatchObject({
    value: {
      source: { where: { mode: 'idle', job: 'n' }, group_by: ['instance'] },
      over: { where: { job: 'n' } },
      ...{ aggregate: 'increase', window: '2m', as: 'percent', condition: { below: 20 } },
    },
    notes: expect.arrayContaining([expect.stringContaining('whole window')]),
  })
  for (const expr of ['avg(rate(node_cpu_seconds_total{mode!="idle"}[2m])) > 0.1', 'avg(rate(errors_total{mode="idle"}[2m])) > 0.1'])
    expect(converted({ expr }).left[0]?.why).toContain('the mean of several rates')
})
