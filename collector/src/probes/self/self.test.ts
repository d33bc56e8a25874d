import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import type { SelfCheck } from '../../model/kinds.ts'
import { testProbe } from '../contract.ts'
import { self, selfOptions } from './self.ts'

const createProbe = (run: SelfCheck) =>
  self.create(selfOptions.parse({ type: 'self', check: 'store' }), { fetch, clock: createFakeClock(), selfChecks: { store: run } })

testProbe('self', {
  healthy: async () => ({ probe: createProbe(async () => ({ ok: true, message: 'duckdb: data/metrics.duckdb' })) }),
  broken: async () => ({ probe: createProbe(() => Promise.reject(new Error('the disk is full'))) }),
  silent: async () => ({ probe: createProbe(() => new Promise(() => {})) }),
})

describe('a self probe', () => {
  it('passes on that a check found the collector degraded', async () => {
    const probe = createProbe(async () => ({ ok: true, degraded: true, message: '5.0 GB of 100 GB free' }))
    expect(await probe.check(new AbortController().signal)).toEqual({
      ok: true,
      degraded: true,
      latencyMs: 0,
      message: '5.0 GB of 100 GB free',
    })
  })

  it.each(['shop', 'constructor'])('refuses the check "%s", which does not exist, and names those that do', (check) => {
    const doors = { fetch, clock: createFakeClock(), selfChecks: { store: async () => ({ ok: true, message: '' }) } }
    expect(() => self.create({ check } as never, doors)).toThrow(`there is no check called "${check}"; there are store.`)
  })
})
