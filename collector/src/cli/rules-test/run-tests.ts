import { formatDuration } from '../../lib/duration.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import { parseSeries, parseValues } from './notation.ts'
import { createReplay } from './replay-series.ts'
import type { RuleTest, TestFile } from './test-file.ts'

type Texts = Readonly<Record<string, string>>
type Shown = { readonly labels: Texts; readonly annotations: Texts }

/** What is not as the file expects, a block of lines each; none: everything is. */
export async function runTests({ rules, intervalMs, tests }: TestFile): Promise<string[]> {
  const problems: string[] = []
  for (const [index, test] of tests.entries()) {
    const title = test.name || `test ${index + 1}`
    for (const problem of await runTest(test, rules, intervalMs)) problems.push(`${title}: ${problem}`)
  }
  return problems
}

async function runTest(test: RuleTest, rules: TestFile['rules'], intervalMs: number): Promise<string[]> {
  const startMs = new Date(typeof test.start_timestamp === 'number' ? test.start_timestamp * 1000 : test.start_timestamp).getTime()
  const series = test.input_series.map(({ series: name, values }) => ({ ...parseSeries(name), steps: parseValues(values) }))
  const replay = createReplay(rules, series, { startMs, intervalMs: test.interval ?? intervalMs })
  replay.start()
  const problems: string[] = []
  for (const expected of test.alert_rule_test.toSorted((a, b) => a.eval_time - b.eval_time)) {
    const { alertname } = expected
    await replay.to(startMs + expected.eval_time)
    if (!rules.some(({ name }) => name === alertname)) {
      problems.push(`there is no rule "${alertname}"; known are ${rules.map(({ name }) => name).join(', ') || 'none: name rule_files'}`)
      continue
    }
    const firing = replay.alerts().filter(({ rule, state }) => rule === alertname && (state === 'firing' || state === 'recovering'))
    const difference = compare(expected.exp_alerts, firing, alertname)
    if (difference.length > 0) problems.push([`${alertname} at ${formatDuration(expected.eval_time)}:`, ...difference].join('\n    '))
  }
  return [...problems, ...replay.failures()]
}

/** Lines with - for what was expected and did not fire, with + for what fired and was not expected. */
function compare(
  expected: RuleTest['alert_rule_test'][number]['exp_alerts'],
  firing: readonly AlertInstance[],
  alertname: string,
): string[] {
  const left = firing.map(({ labels, annotations }) => ({ labels, annotations }))
  const lacking: Shown[] = []
  for (const { exp_labels: labels, exp_annotations: annotations } of expected) {
    const found = left.findIndex(
      (one) => isSame(labels, one.labels, ['alertname', 'severity']) && isSame(annotations, one.annotations, ownAnnotations),
    )
    if (found < 0) lacking.push({ labels: { alertname, ...labels }, annotations })
    else left.splice(found, 1)
  }
  return [...lacking.map((one) => `- ${textOf(one)}`), ...left.map((one) => `+ ${textOf(one)}`)]
}

/** Made for every alert that has none of its own. */
const ownAnnotations = ['summary', 'state_reason']

/** Equal in all that is expected, and in all else but what need not be named. */
function isSame(expected: Texts, actual: Texts, optional: readonly string[]): boolean {
  const names = new Set([...Object.keys(expected), ...Object.keys(actual).filter((name) => !optional.includes(name))])
  return [...names].every((name) => (expected[name] ?? '') === (actual[name] ?? ''))
}

function textOf({ labels, annotations }: Shown): string {
  return `${pairs(labels)}${Object.keys(annotations).length > 0 ? ` ${pairs(annotations)}` : ''}`
}

function pairs(texts: Texts): string {
  const sorted = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, text]) => `${name}=${JSON.stringify(text)}`).join(', ')}}`
}
