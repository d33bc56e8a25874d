import { expect, test } from 'vitest'
import type { Alerts } from '../alerts/alerts.ts'
import type { Config } from '../config/config.ts'
import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { createLive } from '../live/create-live.ts'
import type { AuditEntry } from '../model/audit.ts'
import { createReloadableAlerts } from './reloadable-alerts.ts'

/** Engines that only say what is done with them. */
function setup() {
  const clock = createFakeClock()
  const told: string[] = []
  const audited: AuditEntry[] = []
  let next = 'second'
  const toConfig = (file: string) => ({ file, rules: [], receivers: [] }) as unknown as Config
  const reloadable = createReloadableAlerts({
    config: toConfig('first'),
    readConfig() {
      if (next === 'broken') throw new Error('rules[0]: unknown key')
      return toConfig(next)
    },
    create: ({ file }) =>
      ({ start: async () => void told.push(`${file} starts`), stop: async () => void told.push(`${file} stops`) }) as unknown as Alerts,
    live: createLive({ clock, log: silentLog }),
    audit: { record: (entry) => audited.push(entry), list: () => audited },
    clock,
    log: silentLog,
  })
  function willRead(file: string): void {
    next = file
  }

  return { ...reloadable, told, audited, willRead }
}

test('a reload ends one engine before another begins, and the audit log says who asked', async () => {
  const { reload, told, audited } = setup()
  expect(await reload('jane')).toMatchObject({ ok: true })
  expect(told).toEqual(['first stops', 'second starts'])
  expect(audited).toMatchObject([{ actor: 'jane', action: 'config.reload', target: 'second', detail: { ok: true } }])
})

test('a refused reload leaves the engine alone, and is in the audit log with the reason', async () => {
  const { reload, told, audited, willRead } = setup()
  willRead('broken')
  expect(await reload('SIGHUP')).toMatchObject({ ok: false })
  expect(told).toEqual([])
  expect(audited).toMatchObject([
    { actor: 'SIGHUP', target: 'first', detail: { ok: false, message: 'Nothing was changed: rules[0]: unknown key' } },
  ])
})
