import { expect, test } from 'vitest'
import { createFakeClock } from '../lib/clock.ts'
import { sampleNotification } from './contract.ts'
import { log } from './log.ts'

test('writes one line for each alert: firing at the level asked for, ended as info', async () => {
  const lines: unknown[][] = []
  const level = (name: string) => (_entry: unknown, message?: string) => lines.push([name, message])
  const logger = { debug: level('debug'), info: level('info'), warn: level('warn'), error: level('error') }
  const notifier = log.create(log.schema.parse({ level: 'error' }), { fetch, log: logger, clock: createFakeClock() })
  expect(await notifier.send(sampleNotification, new AbortController().signal)).toMatchObject({ ok: true })
  expect(lines).toEqual([
    ['error', 'alert firing: CPU is at 97'],
    ['info', 'alert resolved: CPU is at 97'],
  ])
})
