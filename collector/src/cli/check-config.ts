import { Command } from 'commander'
import { adviceOn } from '../config/advice.ts'
import { counted } from '../lib/words.ts'
import { configOf } from './config-option.ts'

export function checkConfigCommand(): Command {
  return new Command('check-config')
    .description('Reads the configuration, lists everything that is wrong with it, and starts nothing.')
    .option('--config <file>', 'the configuration file (default: tidewatch.yaml, if there is one)')
    .action((flags) => {
      const config = configOf(flags)
      const from = config.file ?? 'No configuration file: the defaults'
      console.log(
        `${from} ${config.file ? 'is' : 'are'} valid: ${counted(config.rules.length, 'rule')}, ${counted(config.receivers.length, 'receiver')}, ${counted(config.components.length, 'component')}, store ${config.store.type}.`,
      )
      const advice = adviceOn(config)
      if (advice.length > 0) console.log(`Valid, and worth another look:\n${advice.map((line) => `  ${line}`).join('\n')}`)
    })
}
