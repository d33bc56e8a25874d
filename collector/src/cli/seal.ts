import type { Command } from 'commander'
import { AppError } from '../lib/errors.ts'
import type { SealResult } from '../model/store.ts'
import { clientCommand } from './collector-client.ts'

export function sealCommand(): Command {
  return clientCommand('seal', 'operate')
    .description('Asks a running collector to seal every day (UTC) that has ended, without waiting for late points.')
    .action(async ({ url, token }: { url: string; token?: string }) => {
      const headers = token ? { authorization: `Bearer ${token}` } : {}
      const answer = await fetch(new URL('/api/v1/store/seal', url), { method: 'POST', headers }).catch((cause) => {
        throw new AppError('STORE_UNAVAILABLE', `No collector answers at ${url}.`, { cause })
      })
      if (!answer.ok) throw new AppError('BAD_REQUEST', `The collector at ${url} answered ${answer.status}: ${await answer.text()}`)
      const { days, files, values, bytes } = (await answer.json()) as SealResult
      const each = values === 0 ? '' : `, ${(bytes / values).toFixed(2)} bytes a value`
      console.log(`${days} days sealed: ${values} values in ${files} files of ${bytes} bytes${each}.`)
    })
}
