import { styleText } from 'node:util'
import { Command } from 'commander'
import { drawTree, headOf, settingsOf } from '../alerts/routing/trial/tree-text.ts'
import { allRoutes } from '../alerts/routing/trial/trial.ts'
import { adviceOnRouting } from '../config/advice.ts'
import { counted } from '../lib/words.ts'
import { configOf } from './config-option.ts'
import { type Format, formatOption } from './format-option.ts'
import { routesTestCommand } from './routes-test.ts'

/** What can be asked of routes before an alert goes through them. */
export function routesCommand(): Command {
  return new Command('routes')
    .description('Shows the tree of routes, and says where an alert would go.')
    .addCommand(show(), { isDefault: true })
    .addCommand(routesTestCommand())
}

const show = () =>
  new Command('show')
    .description('The tree, with what each route inherits, and what is hardly meant.')
    .option('--config <file>', 'the configuration file (default: tidewatch.yaml, if there is one)')
    .addOption(formatOption())
    .action(({ format, ...flags }: { format: Format; config?: string }) => {
      const config = configOf(flags)
      const advice = adviceOnRouting(config)
      if (format === 'json') return console.log(JSON.stringify({ route: config.route, advice }, null, 2))
      const tree = drawTree(config.route, (route, parent) => [
        styleText('bold', headOf(route)),
        ...settingsOf(route, parent).map((line) => (line.startsWith('inherited') ? styleText('dim', line) : line)),
      ])
      console.log(
        [
          `${config.file ?? 'The defaults'}: ${counted(allRoutes(config.route).length, 'route')}, ${counted(config.receivers.length, 'receiver')}`,
          '',
          ...tree,
          ...(advice.length > 0 ? ['', styleText('yellow', 'Worth another look:'), ...advice.map((line) => `  ${line}`)] : []),
        ].join('\n'),
      )
    })
