import { Command } from 'commander'
import { replayCommand } from './rules-replay.ts'
import { runTests } from './rules-test/run-tests.ts'
import { readTestFile } from './rules-test/test-file.ts'

/** What can be done with rules before they are in force. */
export function rulesCommand(): Command {
  return new Command('rules')
    .description('Tests alert rules, and replays them on what is stored.')
    .addCommand(test())
    .addCommand(replayCommand())
}

const test = () =>
  new Command('test')
    .description("Plays series through rules and compares the alerts with those expected: promtool's files, with our rules.")
    .argument('<files...>', 'files of tests')
    .action(async (files: string[]) => {
      for (const file of files) {
        const content = readTestFile(file)
        const problems = await runTests(content)
        const count = `${content.tests.length} ${content.tests.length === 1 ? 'test' : 'tests'}`
        console.log(problems.length === 0 ? `${file}: ${count}, SUCCESS` : `${file}: ${count}, FAILED`)
        for (const problem of problems) console.log(`  ${problem}`)
        if (problems.length > 0) process.exitCode = 1
      }
    })
