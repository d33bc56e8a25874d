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
