import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { createSelfChecks, type Machine } from './checks.ts'

const gigabyte = 1e9

function createChecks({ lagMs = 0, ...over }: Partial<Machine> & { lagMs?: number } = {}) {
  const machine: Machine = {
    space: async () => ({ freeBytes: 40 * gigabyte, totalBytes: 100 * gigabyte }),
    memory: () => ({ freeBytes: 6 * gigabyte, totalBytes: 8 * gigabyte }),
    resident: () => ({ bytes: 0.2 * gigabyte, limitBytes: gigabyte }),
    load: () => 0.5,
    cores: () => 2,
    ...over,
  }
  const eventLoop = { p99Ms: () => lagMs, stop() {} }
  return createSelfChecks({ dataDir: '/data', storeStatus: async () => ({ ok: true, message: 'memory' }), machine, eventLoop })
}

describe('the checks of the collector itself', () => {
  it('are green on a machine with room', async () => {
    const { collector, store, disk, host } = createChecks()
    expect(await Promise.all([collector(), store(), disk(), host()])).toEqual([
      { ok: true, message: 'event loop 0 ms late, 200 MB of 1.0 GB memory in use' },
      { ok: true, message: 'memory' },
      { ok: true, message: '40 GB of 100 GB free in /data' },
      { ok: true, message: '6.0 GB of 8.0 GB memory available, load 0.50 on 2 cores' },
    ])
  })

  it.each([
    [9, { ok: true, degraded: true, message: '9.0 GB of 100 GB free in /data' }],
    [2, { ok: false, message: '2.0 GB of 100 GB free in /data' }],
  ])('find a disk with %i %% free too full', async (free, found) => {
    const checks = createChecks({ space: async () => ({ freeBytes: free * gigabyte, totalBytes: 100 * gigabyte }) })
    expect(await checks.disk()).toEqual(found)
  })

  it('find a machine short of memory', async () => {
    const low = createChecks({ memory: () => ({ freeBytes: 0.5 * gigabyte, totalBytes: 8 * gigabyte }) })
    expect(await low.host()).toMatchObject({ ok: true, degraded: true })
    const none = createChecks({ memory: () => ({ freeBytes: 0.1 * gigabyte, totalBytes: 8 * gigabyte }) })
    expect(await none.host()).toMatchObject({ ok: false })
  })

  it('find a collector that lags, but do not judge its start', async () => {
    const checks = createChecks({ lagMs: 450 })
    expect(await checks.collector()).toMatchObject({ ok: true, message: expect.stringContaining('event loop 0 ms late') })
    expect(await checks.collector()).toMatchObject({ degraded: true, message: expect.stringContaining('event loop 450 ms late') })
    const stuck = createChecks({ lagMs: 1200 })
    await stuck.collector()
    expect(await stuck.collector()).toMatchObject({ ok: false })
  })

  it('find a collector close to its limit of memory', async () => {
    expect(await createChecks({ resident: () => ({ bytes: 95, limitBytes: 100 }) }).collector()).toMatchObject({ degraded: true })
  })

  it('read this machine', async () => {
    const checks = createSelfChecks({ dataDir: tmpdir(), storeStatus: async () => ({ ok: true, message: 'memory' }) })
    expect((await checks.disk()).message).toMatch(/^[\d.]+ GB of [\d.]+ GB free in /)
    expect((await checks.host()).message).toMatch(/GB memory available, load [\d.]+ on \d+ cores$/)
    expect((await checks.collector()).message).toMatch(/^event loop \d+ ms late, \d+ MB of [\d.]+ GB memory in use$/)
  })
})
