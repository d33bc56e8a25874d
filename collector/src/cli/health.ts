import type { Command } from 'commander'
import type { HealthResponse } from '../contract/health.ts'
import { AppError, messageOf } from '../lib/errors.ts'
import { clientCommand } from './collector-client.ts'

const exitCodes = { HEALTHY: 0, DEGRADED: 1, CRITICAL: 2 } as const
/** The collector did not answer: nothing is known. */
const exitUnknown = 3

export function healthCommand(): Command {
  return clientCommand('health', 'read')
    .description('Asks a running collector. Exit code: 0 healthy, 1 degraded, 2 critical, 3 no answer.')
    .option('--json', 'print the answer as it is')
    .action(async ({ url, token, json }: { url: string; token?: string; json?: boolean }) => {
      try {
        const health = await ask(url, token)
        console.log(json ? JSON.stringify(health, null, 2) : describe(health))
        process.exitCode = exitCodes[health.status]
      } catch (thrown) {
        console.error(`tidewatch: ${messageOf(thrown)}`)
        process.exitCode = exitUnknown
      }
    })
}

async function ask(url: string, token: string | undefined): Promise<HealthResponse> {
  const headers = token ? { authorization: `Bearer ${token}` } : {}
  const answer = await fetch(new URL('/api/v1/health', url), { headers, signal: AbortSignal.timeout(10_000) }).catch((thrown) => {
    throw new AppError('STORE_UNAVAILABLE', `No collector answers at ${url}.`, { cause: thrown })
  })
  if (!answer.ok) throw new AppError('BAD_REQUEST', `The collector at ${url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as HealthResponse
}

function describe(health: HealthResponse): string {
  const rows = health.components.map(({ state, name, environment, message }) => `  ${state.padEnd(12)}${name} (${environment})  ${message}`)
  return [health.status, ...rows].join('\n')
}
