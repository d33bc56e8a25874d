// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of the configuration file is what is tested.
import { expect, test } from 'vitest'
import { readTestFile } from './test-file.ts'

const rules = `receivers: [{ name: chat, type: slack, url: "\${NOT_SET_IN_CI}" }]
rules:
  - { name: Hot, source: { measurement: load, field: value }, condition: { above: 90 } }
`

/** A file of tests with one check; \`input\` stands on line 5, the check on line 7. */
const withCheck = (check: string, input = '{ series: \'load{host="a"}\', values: 1x9 }') => `rule_files: [rules.yaml]
tests:
  - name: heat
    input_series:
      - ${input}
    alert_rule_test:
      - ${check}
`
const fine = '{ eval_time: 5m, alertname: Hot }'
const withRules = (text: string) => ({ tests: withCheck(fine), rules: text })
const withInput = (input: string) => ({ tests: withCheck(fine, input) })

/** What people write, and what they are told: where it stands, what is wrong, what to write. */
const mistakes: readonly (readonly [mistake: string, files: { tests: string; rules?: string }, told: string])[] = [
  [
    'a misspelt key',
    { tests: withCheck('{ eval_time: 5m, alertname: Hot, exp_alert: [] }') },
    'dir/tests.yaml:7:42: tests[0].alert_rule_test[0].exp_alert: unknown key, did you mean "exp_alerts"?',
  ],
  [
    'a rule that is not there',
    { tests: withCheck('{ eval_time: 5m, alertname: Hott }') },
    'dir/tests.yaml:7:37: tests[0].alert_rule_test[0].alertname: there is no rule "Hott", did you mean "Hot"?',
  ],
  ['a rule of nobody', { tests: withCheck('{ eval_time: 5m, alertname: Cold-start }') }, 'there is no rule "Cold-start"; there are Hot'],
  [
    'a rule of a file without rules',
    { tests: withCheck(fine), rules: 'log: { level: info }' },
    'there is no rule "Hot", for the rule files hold none',
  ],
  [
    'no unit',
    { tests: withCheck('{ eval_time: 5, alertname: Hot }') },
    'dir/tests.yaml:7:22: tests[0].alert_rule_test[0].eval_time: 5 has no unit; write it like 5s or 5m',
  ],
  ['no time', { tests: withCheck('{ alertname: Hot }') }, 'dir/tests.yaml:7:9: tests[0].alert_rule_test[0].eval_time: is missing (a text)'],
  [
    'a label that is a number',
    { tests: withCheck('{ eval_time: 5m, alertname: Hot, exp_alerts: [{ exp_labels: { shard: 1 } }] }') },
    'dir/tests.yaml:7:78: tests[0].alert_rule_test[0].exp_alerts[0].exp_labels.shard: must be a text; put it in quotes',
  ],
  [
    'values of another notation',
    withInput('{ series: load, values: 1 2 high }'),
    'dir/tests.yaml:5:33: tests[0].input_series[0].values: "high" is not a value; write 1, 0+10x5, 7x3, _, _x3 or stale',
  ],
  [
    'steps without their number',
    withInput('{ series: load, values: 1+2 }'),
    'dir/tests.yaml:5:33: tests[0].input_series[0].values: "1+2" is not a value',
  ],
  [
    'a label without quotes',
    withInput("{ series: 'load{host=a}', values: 1 }"),
    'dir/tests.yaml:5:19: tests[0].input_series[0].series: the tags of "load{host=a}" are not written {tag="value", other="value"}',
  ],
  ['a series without a name', withInput(`{ series: '{host="a"}', values: 1 }`), 'is not a series; write measurement.field{tag="value"}'],
  [
    'values as a list',
    withInput('{ series: load, values: [1, 2] }'),
    'dir/tests.yaml:5:33: tests[0].input_series[0].values: must be a text',
  ],
  [
    "promtool's tests of expressions",
    { tests: `${withCheck(fine)}    promql_expr_test: []\n` },
    'dir/tests.yaml:8:5: tests[0].promql_expr_test: unknown key: there is no language of expressions;',
  ],
  [
    "promtool's order of groups",
    { tests: `group_eval_order: [a]\n${withCheck(fine)}` },
    ':1:1: group_eval_order: unknown key: rules stand in one',
  ],
  [
    'a test that expects nothing of anything',
    { tests: 'rule_files: [rules.yaml]\ntests:\n  - name: a\n' },
    'dir/tests.yaml:3:5: tests[0].alert_rule_test: is missing (a list)',
  ],
  ['no tests', { tests: 'rule_files: [rules.yaml]\ntests: []\n' }, 'dir/tests.yaml:2:8: tests: must have at least 1 entry'],
  ['an empty file', { tests: '' }, 'dir/tests.yaml: rule_files: is missing (a list)'],
  ['an interval of nothing', { tests: `evaluation_interval: 0s\n${withCheck(fine)}` }, ':1:22: evaluation_interval: must be more than 0s'],
  ['tabs', { tests: 'tests:\n\t- name: a' }, 'dir/tests.yaml:2:1: is not YAML: lines are indented with spaces, not with tabs'],
  ['an unset variable', withInput('{ series: load, values: "${VALUES}" }'), 'dir/tests.yaml:5:33: ${VALUES} is not set in the environment'],
  [
    'a rule file that is not there',
    { tests: withCheck(fine).replace('rules.yaml', 'rule.yaml') },
    'dir/tests.yaml:1:14: rule_files[0]: cannot be read: ENOENT',
  ],
  [
    'a rule file twice',
    { tests: withCheck(fine).replace('[rules.yaml]', '[rules.yaml, rules.yaml]') },
    ':1:26: rule_files[1]: has a rule "Hot", and so has rules.yaml',
  ],
  [
    'a mistake in a rule',
    withRules(rules.replace('above: 90 }', 'above: 90 }, colour: red')),
    'dir/rules.yaml:3:89: rules[0].colour: unknown key; there are name, for, ',
  ],
  [
    "Prometheus's rules",
    withRules('groups: []'),
    'dir/rules.yaml:1:1: groups: unknown key: rules stand in one list, "rules", without groups',
  ],
  ['a misspelt part', withRules(`rulez: []\n${rules}`), 'dir/rules.yaml:1:1: rulez: unknown key, did you mean "rules"?'],
  [
    'two rules of one name',
    withRules(`${rules}  - { name: Hot, source: { measurement: load, field: value }, condition: { above: 1 } }\n`),
    'dir/rules.yaml:4:5: rules[1]: another rule is called "Hot" already',
  ],
  [
    'a rule that looks at one that is not there',
    withRules(`${rules}  - { name: Both, kind: composite, expression: { and: [Hot, Cold] } }\n`),
    'dir/rules.yaml:4:48: rules[1].expression: there is no rule "Cold"',
  ],
  ['an unset variable of a rule', withRules(rules.replace('name: Hot', 'name: "${NAME}"')), 'dir/rules.yaml:3:13: ${NAME} is not set'],
]

const doorsOf = (files: { tests: string; rules?: string }) => ({
  env: {},
  read(path: string) {
    if (path.endsWith('tests.yaml')) return files.tests
    if (path.endsWith('/rules.yaml')) return files.rules ?? rules
    throw new Error('ENOENT: no such file or directory')
  },
})

test.each(mistakes)('%s', (_, files, told) => {
  expect(() => readTestFile('dir/tests.yaml', doorsOf(files))).toThrow(told)
})

test('all that is wrong is told at once, and without mistakes the rest of a configuration is not looked at', () => {
  const tests = withCheck('{ eval_time: 5, alertname: Hot, exp_alert: [] }')
  expect(() => readTestFile('dir/tests.yaml', doorsOf({ tests }))).toThrow(
    /^dir\/tests\.yaml has 2 problems:\n {2}dir\/tests\.yaml:7:\d+: /,
  )
  const { rules: found } = readTestFile('dir/tests.yaml', doorsOf({ tests: withCheck(fine) }))
  expect(found.map(({ name }) => name)).toEqual(['Hot'])
})
