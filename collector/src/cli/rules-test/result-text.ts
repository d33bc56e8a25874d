import { formatDuration } from '../../lib/duration.ts'
import { counted } from '../../lib/words.ts'
import { differing, type Mismatch, type Shown } from './compare.ts'
import { type FailedCheck, isPassed, type TestResult } from './run-tests.ts'

/** Colours words on a terminal, and leaves them as they are elsewhere. */
export type Paint = (colour: 'red' | 'green' | 'dim', text: string) => string

/** A file and what became of its tests; none: it could not be read, and why. */
export type FileResult = { readonly file: string; readonly tests: readonly TestResult[]; readonly error?: string }

/** For a person: what holds in one line, and of what does not, what was expected beside what there is. */
export function toResultText({ file, tests, error }: FileResult, paint: Paint): string {
  if (error !== undefined) return `${file}: ${paint('red', 'cannot be run')}`
  const failed = tests.filter((test) => !isPassed(test))
  const count = `${file}: ${counted(tests.length, 'test')}`
  if (failed.length === 0) return `${count}, ${paint('green', 'SUCCESS')}`
  const lines = failed.flatMap((test) => toFailureLines(test, file, paint))
  return [`${count}, ${paint('red', `${failed.length} FAILED`)} (- expected, + got)`, ...lines.map((line) => `  ${line}`)].join('\n')
}

/** What is not as it should be in one test. */
export function toFailureLines(test: TestResult, file: string, paint: Paint): string[] {
  return [
    ...test.failed.flatMap((check) => checkLines(check, test, file, paint)),
    ...test.failures.map((failure) => `${test.name}: ${failure}`),
  ]
}

function checkLines(check: FailedCheck, { name, startMs }: TestResult, file: string, paint: Paint): string[] {
  const { alertname, evalMs, place, mismatches } = check
  const when = startMs === 0 ? '' : `, ${new Date(startMs + evalMs).toISOString()}`
  const where = place ? ` (${file}:${place.line}:${place.column})` : ''
  const head = `${name}: ${alertname} at ${formatDuration(evalMs)}${when}${where}`
  return [head, ...mismatches.flatMap((one) => mismatchLines(one, check, startMs, paint)).map((line) => `  ${line}`)]
}

function mismatchLines(mismatch: Mismatch, check: FailedCheck, startMs: number, paint: Paint): string[] {
  switch (mismatch.what) {
    case 'different':
      return differentLines(mismatch, paint)
    case 'lacking':
      return ['expected, and does not fire:', paint('red', `- ${textOf(mismatch.expected)}`), `  ${nearestText(mismatch, check, startMs)}`]
    case 'unexpected':
      return [
        `fires, and is not expected${mismatch.value === null ? '' : `; its value is ${mismatch.value}`}:`,
        paint('green', `+ ${textOf(mismatch.got)}`),
      ]
  }
}

/** Every label on a line of its own, so that the one that differs is seen. */
function differentLines({ expected, got }: Extract<Mismatch, { what: 'different' }>, paint: Paint): string[] {
  const names = [...differing(expected.labels, got.labels), ...differing(expected.annotations, got.annotations)]
  const annotations = diffLines(expected.annotations, got.annotations, paint)
  return [
    `fires, and differs in ${names.join(', ')}:`,
    ...diffLines(expected.labels, got.labels, paint),
    ...(annotations.length > 0 ? ['  annotations:', ...annotations.map((line) => `  ${line}`)] : []),
  ]
}

function diffLines(expected: Shown['labels'], got: Shown['labels'], paint: Paint): string[] {
  const changed = differing(expected, got)
  const names = [...new Set([...Object.keys(expected), ...Object.keys(got)])].sort()
  const line = (name: string, texts: Shown['labels']): string => `${name}=${JSON.stringify(texts[name])}`
  return names.flatMap((name) => {
    if (!changed.includes(name)) return [paint('dim', `  ${line(name, expected)}`)]
    return [
      ...(name in expected ? [paint('red', `- ${line(name, expected)}`)] : []),
      ...(name in got ? [paint('green', `+ ${line(name, got)}`)] : []),
    ]
  })
}

/** Why the one that was expected does not fire, as far as the alerts of its rule tell. */
function nearestText({ expected, nearest, over }: Extract<Mismatch, { what: 'lacking' }>, { forMs }: FailedCheck, startMs: number): string {
  const found = nearest ?? over
  if (!found) return 'its rule had no alert until then, pending or firing: the condition never held'
  const subject = isThis(expected, found) ? 'it' : `the nearest, ${pairs(found.labels)},`
  const at = (ms: number | null): string => formatDuration((ms ?? startMs) - startMs)
  const tooShort = `\`for\` is ${formatDuration(forMs)}`
  if (nearest?.state === 'pending') {
    const value = nearest.value === null ? '' : ` with ${nearest.value}`
    return `${subject} is pending: its condition holds since ${at(nearest.activeSinceMs)}${value}, and ${tooShort}`
  }
  if (nearest) return `${subject} is in the state ${nearest.state}`
  const { sinceMs = null, firedAtMs = null, endedAtMs = 0 } = over ?? {}
  if (firedAtMs !== null) return `${subject} fired from ${at(firedAtMs)} to ${at(endedAtMs)}`
  return `${subject} was pending from ${at(sinceMs)} to ${at(endedAtMs)}, and ${tooShort}`
}

const isThis = (expected: Shown, { labels }: Pick<Shown, 'labels'>): boolean =>
  differing(expected.labels, labels).every((name) => name === 'severity' && !(name in expected.labels))

function textOf({ labels, annotations }: Shown): string {
  return `${pairs(labels)}${Object.keys(annotations).length > 0 ? ` ${pairs(annotations)}` : ''}`
}

function pairs(texts: Shown['labels']): string {
  const sorted = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, text]) => `${name}=${JSON.stringify(text)}`).join(', ')}}`
}
