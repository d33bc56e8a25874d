import type { Command } from 'commander'
import { counted } from '../lib/words.ts'
import type { SealResult } from '../model/store.ts'
import { askCollector, clientCommand, type Target } from './collector-client.ts'

/** Days of many values take minutes. */
const longestMs = 3_600_000
const whenTooLong = 'It goes on sealing without this command.'

export function sealCommand(): Command {
  return clientCommand('seal', 'operate')
    .description('Asks a running collector to seal every day (UTC) that has ended, without waiting for late points.')
    .action(async (target: Target) => {
      const asked = askCollector<SealResult>(target, 'POST', '/api/v1/store/seal', undefined, { timeoutMs: longestMs, whenTooLong })
      const { days, files, values, bytes } = await asked
      const each = values === 0 ? '' : `, ${(bytes / values).toFixed(2)} bytes a value`
      console.log(
        `Sealed ${counted(days, 'day')}: ${counted(values, 'value')} in ${counted(files, 'file')} of ${counted(bytes, 'byte')}${each}.`,
      )
    })
}
