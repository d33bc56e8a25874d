import type { Place } from '../../lib/problems.ts'
import { compareAlerts, type Mismatch } from './compare.ts'
import { createReplay } from './replay-series.ts'
import type { RuleTest, TestFile } from './test-file.ts'

/** A moment at which the alerts of a rule were not those expected. */
export type FailedCheck = {
  readonly alertname: string
  readonly evalMs: number
  readonly forMs: number
  readonly place: Place | undefined
  readonly mismatches: readonly Mismatch[]
}

export type TestResult = {
  readonly name: string
  readonly startMs: number
  readonly place: Place | undefined
  readonly failed: readonly FailedCheck[]
  /** Rules that could not be evaluated at the end, and why. */
  readonly failures: readonly string[]
}

export const isPassed = ({ failed, failures }: TestResult): boolean => failed.length === 0 && failures.length === 0

/** What became of each test of a file. */
export async function runTests({ placeOf, ...file }: TestFile): Promise<readonly TestResult[]> {
  const results: TestResult[] = []
  for (const [index, test] of file.tests.entries()) {
    const path = ['tests', index]
    const result = await runTest(test, file, (check) => placeOf([...path, 'alert_rule_test', check]))
    results.push({ ...result, name: test.name || `test ${index + 1}`, place: placeOf(path) })
  }
  return results
}

async function runTest(
  test: RuleTest,
  { rules, intervalMs }: Pick<TestFile, 'rules' | 'intervalMs'>,
  placeOf: (check: number) => Place | undefined,
): Promise<Pick<TestResult, 'startMs' | 'failed' | 'failures'>> {
  const startMs = new Date(typeof test.start_timestamp === 'number' ? test.start_timestamp * 1000 : test.start_timestamp).getTime()
  const series = test.input_series.map(({ series: name, values: steps }) => ({ ...name, steps }))
  const replay = createReplay(rules, series, { startMs, intervalMs: test.interval ?? intervalMs })
  replay.start()
  const failed: FailedCheck[] = []
  const inTime = test.alert_rule_test.map((check, index) => ({ check, index })).sort((a, b) => a.check.eval_time - b.check.eval_time)
  for (const { check, index } of inTime) {
    const { alertname, eval_time: evalMs } = check
    await replay.to(startMs + evalMs)
    const isOwn = ({ rule }: { readonly rule: string }): boolean => rule === alertname
    const mismatches = compareAlerts(check, { alerts: replay.alerts().filter(isOwn), over: replay.over().filter(isOwn) })
    const forMs = rules.find(({ name }) => name === alertname)?.forMs ?? 0
    if (mismatches.length > 0) failed.push({ alertname, evalMs, forMs, place: placeOf(index), mismatches })
  }
  return { startMs, failed, failures: replay.failures() }
}
