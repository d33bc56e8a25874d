import { type FileResult, type Paint, toFailureLines } from './result-text.ts'
import { isPassed, type TestResult } from './run-tests.ts'

const plain: Paint = (_, text) => text

/** For programs: every file and test, and what was expected beside what there is. */
export function toResultJson(files: readonly FileResult[]): string {
  const content = files.map(({ file, tests, error }) => ({
    ...{ file, error: error ?? null },
    tests: tests.map((test) => ({
      ...{ name: test.name, ok: isPassed(test), line: test.place?.line ?? null, failures: test.failures },
      failed: test.failed.map(({ alertname, evalMs, place, mismatches }) => ({
        ...{ alertname, evalMs, line: place?.line ?? null, mismatches },
      })),
    })),
  }))
  return JSON.stringify({ ok: files.every(({ tests, error }) => error === undefined && tests.every(isPassed)), files: content }, null, 2)
}

/** For build servers: JUnit's form, a suite for each file. */
export function toJunit(files: readonly FileResult[]): string {
  const suites = files.map(({ file, tests, error }) => {
    const cases = error === undefined ? tests.map((test) => caseOf(test, file)) : [brokenCase(file, error)]
    const counts = `tests="${cases.length}" failures="${tests.filter((test) => !isPassed(test)).length}" errors="${error === undefined ? 0 : 1}"`
    return [`  <testsuite name=${quoted(file)} ${counts}>`, ...cases, '  </testsuite>'].join('\n')
  })
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="tidewatch rules test">', ...suites, '</testsuites>', ''].join('\n')
}

function caseOf(test: TestResult, file: string): string {
  const head = `    <testcase name=${quoted(test.name)} classname=${quoted(file)} file=${quoted(file)}${test.place ? ` line="${test.place.line}"` : ''}`
  if (isPassed(test)) return `${head}/>`
  const lines = toFailureLines(test, file, plain)
  return `${head}>\n      <failure message=${quoted(lines[0] ?? '')}>${escaped(lines.join('\n'))}</failure>\n    </testcase>`
}

const brokenCase = (file: string, error: string): string =>
  `    <testcase name="can be run" classname=${quoted(file)} file=${quoted(file)}>\n      <error>${escaped(error)}</error>\n    </testcase>`

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML has no way to write control characters, halves of a character and what is no character: a mark stands for them. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (letter) => entities[letter] ?? letter)
}

/** In an attribute a line break would be read as a space. */
const quoted = (text: string): string => `"${escaped(text).replace(/[\t\n\r]/g, (letter) => `&#${letter.charCodeAt(0)};`)}"`
