import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { testProbe } from '../contract.ts'
import { heartbeat, heartbeatOptions } from './heartbeat.ts'

function createScene() {
  const clock = createFakeClock()
  const options = heartbeatOptions.parse({ type: 'heartbeat', every: '1m', grace: '10s' })
  return { clock, probe: heartbeat.create(options, { fetch, clock, selfChecks: {} }) as ReturnType<typeof heartbeat.create> }
}

const { signal } = new AbortController()
const up = { status: 'up', message: '' } as const

testProbe('heartbeat', {
  healthy: async () => {
    const { probe } = createScene()
    probe.beat?.(up)
    return { probe }
  },
  broken: async () => {
    const { probe, clock } = createScene()
    await clock.advance(71_000)
    return { probe }
  },
})

describe('a heartbeat probe', () => {
  it('has nothing to say before the first beat is due', async () => {
    const { probe, clock } = createScene()
    await clock.advance(70_000)
    expect(await probe.check(signal)).toBeUndefined()
    await clock.advance(1000)
    expect(await probe.check(signal)).toMatchObject({
      ok: false,
      certain: true,
      message: 'no heartbeat for 1m11s since the collector started, expected one every 1m',
    })
  })

  it.each([3_600_000, -3_600_000])('counts what passes, not what the clock is set by (%d ms)', async (byMs) => {
    const { probe, clock } = createScene()
    probe.beat?.(up)
    clock.jump(byMs)
    await clock.advance(70_000)
    expect(await probe.check(signal)).toMatchObject({ ok: true })
    await clock.advance(1000)
    expect(await probe.check(signal)).toMatchObject({ ok: false })
  })

  it('is green until a beat is later than the grace allows', async () => {
    const { probe, clock } = createScene()
    probe.beat?.(up)
    await clock.advance(70_000)
    expect(await probe.check(signal)).toMatchObject({ ok: true, certain: true, message: 'says it is up' })
    await clock.advance(50_000)
    expect(await probe.check(signal)).toMatchObject({ ok: false, message: 'no heartbeat for 2m, expected one every 1m' })
  })

  it('takes the word of the component', () => {
    const { probe } = createScene()
    expect(probe.beat?.({ status: 'degraded', message: 'queue is long', latencyMs: 4 })).toEqual({
      ok: true,
      degraded: true,
      certain: true,
      latencyMs: 4,
      message: 'queue is long',
    })
    expect(probe.beat?.({ status: 'down', message: '' })).toMatchObject({ ok: false, latencyMs: null, message: 'says it is down' })
  })

  it('keeps saying what was last reported', async () => {
    const { probe, clock } = createScene()
    probe.beat?.({ status: 'down', message: 'queue is stuck' })
    await clock.advance(30_000)
    expect(await probe.check(signal)).toMatchObject({ ok: false, message: 'queue is stuck' })
  })
})
