import { Command } from 'commander'
import { replayCommand } from './rules-replay.ts'
import { testCommand } from './rules-test.ts'

/** What can be done with rules before they are in force. */
export function rulesCommand(): Command {
  return new Command('rules')
    .description('Tests alert rules, and replays them on what is stored.')
    .addCommand(testCommand())
    .addCommand(replayCommand())
}
