import { expect, test } from 'vitest'
import type { Config } from '../config/config.ts'
import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { AuditEntry } from '../model/audit.ts'
import { createReload } from './reload.ts'

function setup() {
  const told: string[] = []
  const audited: AuditEntry[] = []
  let next = 'second'
  let unseeded: string[] = []
  const toConfig = (file: string) => ({ file, rules: [], receivers: [] }) as unknown as Config
  const reload = createReload({
    config: toConfig('first'),
    readConfig() {
      if (next === 'broken') throw new Error('rules[0]: unknown key')
      return toConfig(next)
    },
    async apply({ file = '' }) {
      told.push(`${file} begins`)
      await Promise.resolve()
      if (file === 'impossible') throw new Error('no such thing')
      told.push(`${file} is in force`)
      return { unseeded }
    },
    audit: { record: (entry) => audited.push(entry), list: () => audited },
    clock: createFakeClock(),
    log: silentLog,
  })
  return {
    ...reload,
    told,
    audited,
    willRead(file: string, without: string[] = []): void {
      next = file
      unseeded = without
    },
  }
}

test('a reload puts what was read in force, one after the other, and the audit log says who asked', async () => {
  const { reload, config, told, audited } = setup()
  await Promise.all([reload('jane'), reload('joe')])
  expect(told).toEqual(['second begins', 'second is in force', 'second begins', 'second is in force'])
  expect(config().file).toBe('second')
  expect(audited).toMatchObject([{ actor: 'jane', action: 'config.reload', target: 'second', detail: { ok: true } }, { actor: 'joe' }])
})

test.each([
  { file: 'broken', message: 'Nothing was changed: rules[0]: unknown key' },
  { file: 'impossible', message: 'Nothing was changed: no such thing' },
])('a refused reload ($file) changes nothing, and is in the audit log with the reason', async ({ file, message }) => {
  const { reload, config, audited, willRead } = setup()
  willRead(file)
  expect(await reload('SIGHUP')).toMatchObject({ ok: false })
  expect(config().file).toBe('first')
  expect(audited).toMatchObject([{ actor: 'SIGHUP', target: 'first', detail: { ok: false, message } }])
})

test('rules that begin without stored samples are named', async () => {
  const { reload, willRead } = setup()
  willRead('second', ['Slow'])
  expect((await reload('jane')).message).toContain('Stored samples could not be read for Slow: they begin without.')
})
