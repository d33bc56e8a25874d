// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of the configuration file is what is tested.
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { configJsonSchema } from './json-schema.ts'
import { loadConfig } from './load.ts'

/** The first line and two keys of a rule; what follows stands on line 4 and below. */
const rule = (...lines: string[]) =>
  ['rules:', '  - name: r', '    source: { measurement: m, field: f }', ...lines.map((line) => `    ${line}`)].join('\n')
const over90 = 'condition: { above: 90 }'
const from = (source: string) => `rules:\n  - { name: r, condition: { above: 1 }, source: ${source} }`
const kind = (keys: string, source = '{ measurement: m, field: f }') => `rules:\n  - { name: r, source: ${source}, ${keys} }`
const child = (keys: string) => `route:\n  receiver: log\n  routes:\n    - ${keys}`
const budget = (keys: string) => kind(`kind: burn_rate, over: { field: c }, ${keys}`)
const noText = 'must be a text; put it in quotes'

/** What people write, and what they are told: where it stands, what is wrong, what to write. The last word says who refuses it in the editor already. */
const mistakes: readonly (readonly [mistake: string, yaml: string, told: string, inEditor: 'editor' | 'start'])[] = [
  ['a misspelt key', rule(over90, 'serverity: high'), ':5:5: rules[0].serverity: unknown key, did you mean "severity"?', 'editor'],
  [
    'a key in camel case',
    from('{ measurement: m, field: f, groupBy: [a] }'),
    ':2:77: rules[0].source.groupBy: unknown key, did you mean "group_by"?',
    'editor',
  ],
  ['a key nobody knows', rule(over90, 'colour: red'), 'rules[0].colour: unknown key; there are name, for, ', 'editor'],
  ['a key that every object has', 'constructor: 1', ':1:1: constructor: unknown key', 'editor'],
  ['a severity that every object has', rule(over90, 'severity: constructor'), '"constructor" is not a severity; there are ', 'editor'],
  [
    "Prometheus's expr",
    'rules:\n  - { name: a, expr: cpu > 90 }',
    'rules[0].expr: unknown key: there is no language of expressions; write "source", ',
    'editor',
  ],
  ["Prometheus's alert", 'rules:\n  - alert: Hot', ':2:5: rules[0].alert: unknown key: Prometheus\'s "alert" is "name" here', 'editor'],
  ["Prometheus's groups", 'groups: []', ':1:1: groups: unknown key: rules stand in one list, "rules", without groups', 'editor'],
  [
    "Alertmanager's receivers",
    'receivers:\n  - { name: ops, email_configs: [{ to: a@example.org }] }',
    'webhook; email_configs is Alertmanager\'s word, "tidewatch convert alertmanager FILE" says it in ours',
    'editor',
  ],
  ['group_by beside the source', rule(over90, 'group_by: [host]'), 'rules[0].group_by: unknown key: it belongs under "source"', 'editor'],
  ['a key of another kind', rule(over90, 'percentile: 99'), 'unknown key: only a rule of "kind: histogram" has it', 'editor'],
  [
    'a unit nobody knows',
    rule(over90, 'for: 5min'),
    ':5:10: rules[0].for: "5min" is not a duration; write it like 30s, 5m, 1h30m or 7d',
    'editor',
  ],
  ['no unit', rule(over90, 'for: 300'), ':5:10: rules[0].for: 300 has no unit; write it like 300s or 300m', 'editor'],
  ['a time before now', rule(over90, 'for: -5m'), '"-5m" is not a duration', 'editor'],
  ['an interval of nothing', rule(over90, 'every: 0s'), ':5:12: rules[0].every: must be at least 1s', 'start'],
  [
    'a window beyond memory',
    rule(over90, 'window: 2d'),
    'rules[0].window: must be at most 1d: samples are kept in memory that long',
    'start',
  ],
  [
    'a number in quotes',
    rule('condition: { above: "90" }'),
    ':4:25: rules[0].condition.above: must be a number, without quotes and unit',
    'editor',
  ],
  [
    'a number with a unit',
    rule('condition: { above: 90% }'),
    'rules[0].condition.above: must be a number, without quotes and unit',
    'editor',
  ],
  ['an operator', rule('condition: { gt: 90 }'), ':4:18: rules[0].condition.gt: unknown key: write "above"', 'editor'],
  ['a condition as a text', rule('condition: "> 90"'), 'rules[0].condition: must be a group of settings: { key: value }', 'editor'],
  ['no condition', rule('for: 5m'), 'rules[0].condition: is missing (a group of settings)', 'editor'],
  ['an empty condition', rule('condition: {}'), 'give exactly one of above, below, outside or equals', 'editor'],
  [
    'two conditions',
    rule('condition: { above: 1, below: 0 }'),
    'give exactly one of above, below, outside or equals, not above and below',
    'editor',
  ],
  [
    'until above above',
    rule('condition: { above: 90, until: 95 }'),
    'until: 95 must not be greater than above: 90; it is where the value must come back to, such as 81',
    'start',
  ],
  [
    'until below below',
    rule('condition: { below: 10, until: 5 }'),
    'until: 5 must not be less than below: 10; it is where the value must come back to, such as 11',
    'start',
  ],
  ['outside the wrong way round', rule('condition: { outside: [90, 10] }'), 'outside must be written [low, high]: [10, 90]', 'start'],
  ['one end only', rule('condition: { outside: [90] }'), 'rules[0].condition.outside: must have at least 2 entries', 'editor'],
  [
    'an unknown severity',
    rule(over90, 'severity: sev1'),
    ':5:15: rules[0].severity: "sev1" is not a severity; there are info, warning, high, critical, and for them low, p3',
    'editor',
  ],
  [
    'severity as a label',
    rule(over90, 'labels: { severity: high }'),
    'rules[0].labels.severity: is a key of the rule itself: take it out of labels',
    'start',
  ],
  ['a label with a dash', rule(over90, 'labels: { my-team: a }'), 'a name has letters, digits and underscores', 'editor'],
  ['a label that is a number', rule(over90, 'labels: { tier: 1 }'), `:5:21: rules[0].labels.tier: ${noText}`, 'editor'],
  ['an unknown kind', rule('kind: treshold', over90), 'ratio, threshold, did you mean "threshold"?', 'editor'],
  ['avg', rule(over90, 'aggregate: avg'), '"avg" is not an aggregate, write mean; there are mean, min,', 'editor'],
  ['p99.9 of samples', rule(over90, 'aggregate: p99.9'), 'finer percentiles are those of "kind: histogram"', 'editor'],
  [
    "Prometheus's template",
    rule(over90, 'annotations: { summary: "{{ $labels.host }}" }'),
    ':5:29: rules[0].annotations.summary: {{$labels.host}} is not known: write {{labels.host}};',
    'start',
  ],
  [
    'a template without quotes',
    rule(over90, 'annotations:', '  summary: {{value}} is high'),
    ':6:26: is not YAML: Unexpected scalar at node end; a text that begins with {{ is written in quotes',
    'editor',
  ],
  [
    'a policy of another system',
    rule(over90, 'on_no_data: alerting'),
    'must be one of ok, keep, no_data, alert, did you mean "alert"?',
    'editor',
  ],
  ['a source as a text', from('cpu.usage'), 'rules[0].source: must be a group of settings: { key: value }', 'editor'],
  ['a tag that is a number', from('{ measurement: m, field: f, where: { shard: 1 } }'), `rules[0].source.where.shard: ${noText}`, 'editor'],
  [
    'a filter without operator',
    from('{ measurement: m, field: f, where: [{ tag: a, value: b }] }'),
    'where[0].op: must be one of =, !=, =~, !~, in',
    'editor',
  ],
  [
    'a bad expression in a filter',
    from('{ measurement: m, field: f, where: [{ tag: a, op: "=~", value: "a(" }] }'),
    'rules[0].source.where[0].value: "a(": its regular expression cannot be read: Unterminated group',
    'start',
  ],
  [
    'one tag without brackets',
    from('{ measurement: m, field: f, group_by: host }'),
    'rules[0].source.group_by: must be a list; write it in brackets: [a, b]',
    'editor',
  ],
  [
    'an objective of 100',
    budget('objective: 100'),
    'rules[0].objective: must be less than 100: who promises that nothing ever fails has no budget to burn',
    'editor',
  ],
  ['an objective as a fraction', budget('objective: 0.999'), 'rules[0].objective: is written in percent: 99.9, not 0.999', 'editor'],
  ['a burn rate beyond reach', budget('objective: 90'), '14.4 can never be exceeded: with an objective of 90 %', 'start'],
  [
    'windows the wrong way round',
    budget('objective: 99, windows: [{ long: 5m, short: 1h, factor: 2 }]'),
    'windows[0].short: must be shorter than long',
    'start',
  ],
  [
    'a percentile as a fraction',
    kind('kind: histogram, percentile: 0.99, condition: { above: 1 }', '{ measurement: m }'),
    'rules[0].percentile: is written in percent: 99 for',
    'editor',
  ],
  ['a forecast between limits', kind('kind: forecast, condition: { outside: [1, 2] }'), 'a forecast is about above or below', 'start'],
  [
    'two rules of one name',
    `${rule(over90)}\n  - { name: r, source: { measurement: m, field: f }, ${over90} }`,
    ':5:5: rules[1]: another rule is called "r" already',
    'start',
  ],
  ['a list without dashes', 'rules:\n  hot:\n    for: 5m', 'rules: must be a list; each entry begins with "- "', 'editor'],
  ['a key without a value', 'rules:\nreceivers: []', ':1:7: rules: is empty: give a list, or leave the key out', 'editor'],
  [
    'an expression as a text',
    'rules: [{ name: c, kind: composite, expression: a and b }]',
    'there is no rule "a and b"; rules are joined as { and: [one, { not: another }] }',
    'start',
  ],
  ['tabs', 'rules:\n\t- name: r', ':2:1: is not YAML: lines are indented with spaces, not with tabs', 'editor'],
  [
    'a key twice',
    rule(over90, 'for: 1m', 'for: 2m'),
    ':6:5: is not YAML: the same key stands twice in one group; keep one of them',
    'editor',
  ],
  ['two documents', 'rules: []\n---\nrules: []', 'is not YAML: a file holds one configuration; take the line --- away', 'editor'],
  [
    'an alias of nothing',
    'rules:\n  - <<: *base\n    name: y',
    ':2:9: *base stands for nothing: no value before it is marked &base',
    'editor',
  ],
  [
    'an unset variable',
    'receivers:\n  - { name: a, type: webhook, url: "${ON_CALL}" }',
    ':2:36: ${ON_CALL} is not set in the environment',
    'start',
  ],
  [
    'an unknown receiver',
    child('{ matchers: [a=b], receiver: lag }'),
    ':4:36: route.routes[0].receiver: there is no receiver "lag", did you mean "log"?',
    'start',
  ],
  ['a receiver of nobody', child('{ matchers: [a=b], receiver: ops }'), 'there is no receiver "ops"; the only receiver is log', 'start'],
  [
    'an unknown interval',
    child('{ matchers: [a=b], mute_time_intervals: [nights] }'),
    'mute_time_intervals: there is no time interval "nights", for none is configured',
    'start',
  ],
  [
    'matchers at the root',
    'route:\n  receiver: log\n  matchers: [a=b]',
    'route.matchers: unknown key: the root of the tree takes everything at all times',
    'editor',
  ],
  [
    "Alertmanager's old match",
    child('{ match: { severity: high } }'),
    'routes[0].match: unknown key: write "matchers: [severity=critical]"',
    'editor',
  ],
  [
    'two equal signs',
    child(`{ matchers: ['a=="b"'] }`),
    `"a=="b"" is not a matcher; write it like severity="critical" or host=~"web-.*"`,
    'start',
  ],
  ['a bad expression', child(`{ matchers: ['a=~"b("'] }`), 'its regular expression cannot be read: Unterminated group', 'start'],
  [
    'an expression that looks back',
    child(`{ matchers: ['a=~"(?!b)c"'] }`),
    'it looks around or back (?=, ?!, \\1), which costs too much time',
    'start',
  ],
  [
    'a night in one',
    'time_intervals: [{ name: n, time_intervals: [{ times: [{ start_time: "22:00", end_time: "06:00" }] }] }]',
    'write a night as two: 22:00–24:00 and 00:00–06:00',
    'start',
  ],
  ['a digest at 8am', child('{ matchers: [a=b], digest: { at: 8am } }'), 'digest.at: must be a time such as 09:00, or 24:00', 'editor'],
  [
    'a chain without end',
    'escalations: [{ name: a, steps: [{ receiver: log }], repeat: 9 }]',
    'escalations[0].repeat: must be at most 5',
    'editor',
  ],
  ['another name of a receiver', 'receivers: [{ name: a, type: mail }]', 'sms, teams, webhook, did you mean "email"?', 'editor'],
]

const files = (yaml: string) => ({ exists: () => true, read: () => yaml })
const check = new Ajv2020({ strict: false, validateFormats: false }).compile(configJsonSchema())

/** An editor knows YAML and the schema, and nothing of what belongs together. */
function isTakenByEditors(yaml: string): boolean {
  try {
    return check(parse(yaml))
  } catch {
    return false
  }
}

test.each(mistakes)('%s', (_, yaml, told, inEditor) => {
  expect(() => loadConfig({ flags: { config: 'tidewatch.yaml' }, env: {}, files: files(yaml) })).toThrow(told)
  expect(() => loadConfig({ flags: { config: 'tidewatch.yaml' }, env: {}, files: files(yaml) })).toThrow(/tidewatch\.yaml:\d+:\d+: /)
  expect(isTakenByEditors(yaml)).toBe(inEditor === 'start')
})
