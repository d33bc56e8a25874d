import { expect, test } from 'vitest'
import { toJunit, toResultJson } from './result-files.ts'
import { type FileResult, toResultText } from './result-text.ts'
import { runTests } from './run-tests.ts'
import { readTestFile } from './test-file.ts'

const rules = `rules:
  - name: Hot
    source: { measurement: load, field: value }
    condition: { above: 90 }
    for: 5m
    annotations: { runbook: "https://x/{{labels.host}}" }
`
const series = ['load{host="a", zone="eu"}', 'load{host="c"}'].map((name) => `{ series: '${name}', values: 50 95x9 50x10 }`).join(', ')

async function resultOf(...checks: string[]): Promise<FileResult> {
  const tests = `rule_files: [rules.yaml]
tests:
  - name: heat <1>
    input_series: [${series}]
    alert_rule_test:
${checks.map((check) => `      - ${check}`).join('\n')}
`
  const file = readTestFile('tests.yaml', { env: {}, read: (path) => (path.endsWith('tests.yaml') ? tests : rules) })
  return { file: 'tests.yaml', tests: await runTests(file) }
}

const plain = (_: string, text: string): string => text
const linesOf = async (...checks: string[]) =>
  toResultText(await resultOf(...checks), plain)
    .split('\n')
    .slice(1)

const runbook = (host: string) => `exp_annotations: { runbook: "https://x/${host}" }`
const c = `{ exp_labels: { host: c }, ${runbook('c')} }`

test('an alert that is nearly the one expected is shown beside it, with the labels and annotations that differ', async () => {
  const wrong = '{ exp_labels: { host: b, zone: eu }, exp_annotations: { runbook: "https://x/b" } }'
  expect(await linesOf(`{ eval_time: 6m, alertname: Hot, exp_alerts: [${wrong}, ${c}] }`)).toEqual([
    '  heat <1>: Hot at 6m (tests.yaml:6:9)',
    '    fires, and differs in host, runbook:',
    '      alertname="Hot"',
    '    - host="b"',
    '    + host="a"',
    '      zone="eu"',
    '      annotations:',
    '      - runbook="https://x/b"',
    '      + runbook="https://x/a"',
  ])
})

test('an alert that fires and is not expected is shown with its value', async () => {
  expect(await linesOf(`{ eval_time: 6m, alertname: Hot, exp_alerts: [${c}] }`)).toEqual([
    '  heat <1>: Hot at 6m (tests.yaml:6:9)',
    '    fires, and is not expected; its value is 95:',
    '    + {alertname="Hot", host="a", zone="eu"} {runbook="https://x/a"}',
  ])
})

const lacking = '    - {alertname="Hot", host="c"} {runbook="https://x/c"}'

test.each([
  ['0s', 'its rule had no alert until then, pending or firing: the condition never held'],
  ['4m', 'it is pending: its condition holds since 1m with 95, and `for` is 5m'],
  ['12m', 'it fired from 6m to 11m'],
])('of an alert that does not fire at %s it is said: %s', async (time, said) => {
  expect((await linesOf(`{ eval_time: ${time}, alertname: Hot, exp_alerts: [${c}] }`)).slice(1)).toEqual([
    '    expected, and does not fire:',
    lacking,
    `      ${said}`,
  ])
})

test('where another alert is nearest, it is named', async () => {
  const lines = await linesOf('{ eval_time: 3m, alertname: Hot, exp_alerts: [{ exp_labels: { host: d, zone: eu } }] }')
  expect(lines.at(-1)).toBe(
    '      the nearest, {alertname="Hot", host="a", severity="warning", zone="eu"}, is pending: its condition holds since 1m with 95, and `for` is 5m',
  )
})

test('colours stand around what was expected and what is there, nowhere else', async () => {
  const result = await resultOf(`{ eval_time: 6m, alertname: Hot, exp_alerts: [{ exp_labels: { host: b }, ${runbook('c')} }] }`)
  const text = toResultText(result, (colour, part) => `<${colour}>${part}</>`)
  expect(text.split('\n').filter((line) => line.includes('host='))).toEqual([
    '    <red>- host="b"</>',
    '    <green>+ host="c"</>',
    '    <green>+ {alertname="Hot", host="a", zone="eu"} {runbook="https://x/a"}</>',
  ])
})

test('build servers read it in the form of JUnit, whatever stands in names and texts', async () => {
  const failed = await resultOf('{ eval_time: 6m, alertname: Hot }')
  const broken = { file: 'a&"b".yaml', tests: [], error: `has "quotes", <brackets> and ${String.fromCharCode(27)}[31m\nlines` }
  expect(toJunit([failed, broken])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="tidewatch rules test">
  <testsuite name="tests.yaml" tests="1" failures="1" errors="0">
    <testcase name="heat &lt;1&gt;" classname="tests.yaml" file="tests.yaml" line="3">
      <failure message="heat &lt;1&gt;: Hot at 6m (tests.yaml:6:9)">heat &lt;1&gt;: Hot at 6m (tests.yaml:6:9)
  fires, and is not expected; its value is 95:
  + {alertname=&quot;Hot&quot;, host=&quot;a&quot;, zone=&quot;eu&quot;} {runbook=&quot;https://x/a&quot;}
  fires, and is not expected; its value is 95:
  + {alertname=&quot;Hot&quot;, host=&quot;c&quot;} {runbook=&quot;https://x/c&quot;}</failure>
    </testcase>
  </testsuite>
  <testsuite name="a&amp;&quot;b&quot;.yaml" tests="1" failures="0" errors="1">
    <testcase name="can be run" classname="a&amp;&quot;b&quot;.yaml" file="a&amp;&quot;b&quot;.yaml">
      <error>has &quot;quotes&quot;, &lt;brackets&gt; and \ufffd[31m
lines</error>
    </testcase>
  </testsuite>
</testsuites>
`)
})

test('programs read what was expected beside what there is', async () => {
  const json = JSON.parse(toResultJson([await resultOf('{ eval_time: 4m, alertname: Hot, exp_alerts: [{ exp_labels: { host: c } }] }')]))
  expect(json).toMatchObject({
    ok: false,
    files: [
      {
        file: 'tests.yaml',
        error: null,
        tests: [
          {
            ...{ name: 'heat <1>', ok: false, line: 3 },
            failed: [
              {
                ...{ alertname: 'Hot', evalMs: 240_000, line: 6 },
                mismatches: [
                  { what: 'lacking', expected: { labels: { host: 'c' } }, nearest: { state: 'pending', labels: { host: 'c' } } },
                ],
              },
            ],
          },
        ],
      },
    ],
  })
})
