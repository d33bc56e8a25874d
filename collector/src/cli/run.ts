import { Command } from 'commander'
import { AppError } from '../lib/errors.ts'
import { ackCommand, resolveCommand, unackCommand } from './alert-actions.ts'
import { alertsCommand } from './alerts.ts'
import { auditCommand } from './audit.ts'
import { checkConfigCommand } from './check-config.ts'
import { convertCommand } from './convert.ts'
import { deliveriesCommand } from './deliveries.ts'
import { exportCommand } from './export.ts'
import { gateCommand } from './gate.ts'
import { healthCommand } from './health.ts'
import { importCommand } from './import.ts'
import { receiversCommand } from './receivers.ts'
import { routesCommand } from './routes.ts'
import { rulesCommand } from './rules.ts'
import { sealCommand } from './seal.ts'
import { serveCommand } from './serve.ts'
import { silenceCommand } from './silence.ts'
import { spoolCommand } from './spool.ts'
import { tokenCommand } from './token.ts'
import { version } from './version.ts'

/** All commands, as the shell and the documents know them. */
export function createProgram(): Command {
  return new Command('tidewatch')
    .description('Is everything healthy, what is wrong, what changed.')
    .version(version)
    .addCommand(serveCommand())
    .addCommand(checkConfigCommand())
    .addCommand(tokenCommand())
    .addCommand(healthCommand())
    .addCommand(rulesCommand())
    .addCommand(routesCommand())
    .addCommand(convertCommand())
    .addCommand(alertsCommand())
    .addCommand(ackCommand())
    .addCommand(unackCommand())
    .addCommand(resolveCommand())
    .addCommand(silenceCommand())
    .addCommand(deliveriesCommand())
    .addCommand(receiversCommand())
    .addCommand(gateCommand())
    .addCommand(auditCommand())
    .addCommand(spoolCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(sealCommand())
}

/** Runs one command. What an operator can mend is told in a sentence; a stack is shown of bugs only. */
export async function run(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv)
  } catch (thrown) {
    process.stderr.write(thrown instanceof AppError ? `tidewatch: ${thrown.message}\n` : `tidewatch: unexpected: ${inspect(thrown)}\n`)
    process.exit(1)
  }
}

function inspect(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
