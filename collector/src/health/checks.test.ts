import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../lib/clock.ts'
import type { Probe } from '../model/health.ts'
import { broken, createScene, fine, midnight } from './fake-scene.ts'
import { createMemoryHealthRecords } from './records.ts'

describe('a check', () => {
  it('without an answer fails after the timeout, and its signal is aborted', async () => {
    const signals: AbortSignal[] = []
    const probe: Probe = {
      check: (signal) => {
        signals.push(signal)
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      },
    }
    const scene = createScene({ probe, components: [{ name: 'api', timeout: '2s' }] })
    scene.health.start()
    await scene.clock.advance(2500)
    expect(scene.only()).toMatchObject({ state: 'down', message: 'no answer within 2s', latencyMs: null })
    expect(signals.map((signal) => signal.aborted)).toEqual([true])
  })

  it('never runs twice at once, even when it ignores its signal', async () => {
    let running = 0
    const probe: Probe = {
      check: () => {
        running++
        return new Promise(() => {})
      },
    }
    const scene = createScene({ probe })
    scene.health.start()
    await scene.clock.advance(120_000)
    expect(running).toBe(1)
    expect(scene.only()).toMatchObject({ state: 'down', message: 'the check that began 1m30s ago still hangs' })
  })

  it('that takes longer than its interval puts the next one off', async () => {
    let checks = 0
    const clockOf: { after?: (ms: number, run: () => void) => void } = {}
    const probe: Probe = {
      check: () => {
        checks++
        return new Promise((resolve) => clockOf.after?.(5000, () => resolve(fine)))
      },
    }
    const scene = createScene({ probe, components: [{ name: 'api', interval: '2s' }] })
    clockOf.after = scene.clock.after
    scene.health.start()
    await scene.clock.advance(10_050)
    expect(checks).toBe(2)
  })

  it('comes up to a twentieth of the interval earlier or later', async () => {
    const at: number[] = []
    const draws = [0, 0, 1]
    const clock = createFakeClock(0)
    const probe: Probe = {
      check: async () => {
        at.push(clock.now())
        return fine
      },
    }
    const { health } = createScene({ probe, clock, random: () => draws.shift() ?? 0 })
    health.start()
    await clock.advance(62_000)
    expect(at).toEqual([0, 28_500, 60_000])
  })

  it('ends when the engine stops, and says nothing any more', async () => {
    const scene = createScene({
      probe: { check: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))) },
    })
    scene.health.start()
    await scene.clock.advance(1000)
    await scene.health.stop()
    await scene.clock.advance(120_000)
    expect([scene.events, scene.points]).toEqual([[], []])
  })
})

describe('what the engine tells', () => {
  it('is a point for each check, with the state as an integer', async () => {
    const scene = createScene()
    scene.health.start()
    await scene.clock.advance(500)
    expect(scene.points).toEqual([
      {
        measurement: 'health',
        tags: { component: 'api', environment: 'production', probe: 'http' },
        fields: { state: 0n, latency_ms: 12, message: 'answered 200' },
        timeNs: BigInt(midnight + 500) * 1_000_000n,
      },
    ])
  })

  it('leaves the latency out where nothing was timed', async () => {
    const scene = createScene()
    scene.result = { ok: false, latencyMs: null, message: 'no answer within 10s' }
    scene.health.start()
    await scene.clock.advance(1000)
    expect(scene.points[0]?.fields).toEqual({ state: 2n, message: 'no answer within 10s' })
  })

  it('is an event for each change and otherwise one an interval', async () => {
    const scene = createScene()
    scene.health.start()
    await scene.clock.advance(31_000)
    scene.result = { ...broken, certain: true }
    await scene.clock.advance(30_000)
    expect(scene.events.map(({ status, component }) => [status, component.state])).toEqual([
      ['HEALTHY', 'up'],
      ['HEALTHY', 'up'],
      ['CRITICAL', 'down'],
    ])
  })

  it('goes on when the store refuses a point', async () => {
    const scene = createScene({ push: () => Promise.reject(new Error('full')) })
    scene.health.start()
    await scene.clock.advance(31_000)
    expect(scene.checks).toBe(2)
  })

  it('saves a state only when it changes', async () => {
    const saved: string[] = []
    const scene = createScene({ records: { ...createMemoryHealthRecords(), save: ({ state }) => void saved.push(state) } })
    scene.health.start()
    await scene.clock.advance(120_000)
    scene.result = { ...broken, certain: true }
    await scene.clock.advance(120_000)
    expect(saved).toEqual(['up', 'down'])
  })

  it('goes on when a state cannot be saved', async () => {
    const records = {
      ...createMemoryHealthRecords(),
      save() {
        throw new Error('the disk is full')
      },
    }
    const scene = createScene({ records })
    scene.health.start()
    await scene.clock.advance(1000)
    expect(scene.only()?.state).toBe('up')
  })
})
