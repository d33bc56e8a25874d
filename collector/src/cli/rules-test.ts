import { readFileSync, writeFileSync } from 'node:fs'
import { styleText } from 'node:util'
import { Command } from 'commander'
import { AppError, messageOf } from '../lib/errors.ts'
import { type Format, formatOption } from './format-option.ts'
import { toJunit, toResultJson } from './rules-test/result-files.ts'
import { type FileResult, toResultText } from './rules-test/result-text.ts'
import { isPassed, runTests } from './rules-test/run-tests.ts'
import { readTestFile } from './rules-test/test-file.ts'

type Options = { format: Format; junit?: string }

const exitFailed = 1
/** A file that is no file of tests, or a command that was not understood: not a rule that fails. */
const exitNotRun = 2

export const testCommand = () =>
  new Command('test')
    .description(
      "Plays series through rules and compares the alerts with those expected: promtool's files, with our rules. Exit code: 0 all are as expected, 1 some are not, 2 a file cannot be run.",
    )
    .argument('<files...>', 'files of tests')
    .addOption(formatOption())
    .option('--junit <file>', "write the results into this file, too, in JUnit's form")
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exitNotRun))
    .action(async (paths: string[], { format, junit }: Options) => {
      const results: FileResult[] = []
      for (const path of paths) {
        const result = await resultOf(path)
        results.push(result)
        if (result.error !== undefined) process.stderr.write(`tidewatch: ${result.error}\n`)
        if (format === 'text') console.log(toResultText(result, styleText))
      }
      if (format === 'json') console.log(toResultJson(results))
      process.exitCode = results.some(({ error }) => error !== undefined)
        ? exitNotRun
        : results.every(({ tests }) => tests.every(isPassed))
          ? 0
          : exitFailed
      if (junit !== undefined) write(junit, toJunit(results))
    })

async function resultOf(file: string): Promise<FileResult> {
  try {
    const content = readTestFile(file, { read: (path) => readFileSync(path, 'utf8'), env: process.env })
    return { file, tests: await runTests(content) }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    return { file, tests: [], error: thrown.message }
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (thrown) {
    process.stderr.write(`tidewatch: cannot write ${path}: ${messageOf(thrown)}\n`)
    process.exitCode = exitNotRun
  }
}
