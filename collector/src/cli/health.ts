import type { Command } from 'commander'
import type { HealthResponse } from '../contract/health.ts'
import { messageOf } from '../lib/errors.ts'
import { askCollector, clientCommand, type Target } from './collector-client.ts'
import { type Format, formatOption, print } from './format-option.ts'

const exitCodes = { HEALTHY: 0, DEGRADED: 1, CRITICAL: 2 } as const
/** The collector did not answer, or refused to: nothing is known. */
const exitUnknown = 3

export function healthCommand(): Command {
  return clientCommand('health', 'read')
    .description('Asks a running collector. Exit code: 0 healthy, 1 degraded, 2 critical, 3 no answer.')
    .addOption(formatOption())
    .action(async ({ format, ...target }: Target & { format: Format }) => {
      try {
        const health = await askCollector<HealthResponse>(target, 'GET', '/api/v1/health', undefined, { timeoutMs: 10_000 })
        print(format, health, () => describe(health))
        process.exitCode = exitCodes[health.status]
      } catch (thrown) {
        console.error(`tidewatch: ${messageOf(thrown)}`)
        process.exitCode = exitUnknown
      }
    })
}

function describe(health: HealthResponse): string {
  const rows = health.components.map(({ state, name, environment, message }) => `  ${state.padEnd(12)}${name} (${environment})  ${message}`)
  return [health.status, ...rows].join('\n')
}
