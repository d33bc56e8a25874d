import { describe, expect, it } from 'vitest'
import type { Probe } from '../model/health.ts'
import { broken, createScene, fine } from './fake-scene.ts'
import type { ComponentRecord } from './records.ts'

const record = (over: Partial<ComponentRecord> = {}): ComponentRecord => ({
  name: 'api',
  environment: 'production',
  state: 'up',
  since: '2025-12-24T00:00:00.000Z',
  message: 'answered 200',
  lastCheckedAt: null,
  ...over,
})

describe('a component', () => {
  it('is unknown before its first result', () => {
    const { only, health } = createScene()
    expect(only()).toMatchObject({ state: 'unknown', message: 'not checked yet', latencyMs: null, lastCheckedAt: null })
    expect(health.overall()).toBe('HEALTHY')
  })

  it('is checked within its first second and then once an interval', async () => {
    const scene = createScene()
    scene.health.start()
    await scene.clock.advance(1000)
    expect(scene.checks).toBe(1)
    expect(scene.only()).toMatchObject({ state: 'up', probe: 'http', latencyMs: 12, message: 'answered 200', critical: true })
    await scene.clock.advance(60_000)
    expect(scene.checks).toBe(3)
  })

  it('goes down with the third failure and says how far it is', async () => {
    const scene = createScene()
    scene.health.start()
    await scene.clock.advance(1000)
    scene.result = broken
    await scene.clock.advance(30_000)
    expect(scene.only()).toMatchObject({ state: 'up', message: 'answered 503, expected 200–399 (bad result 1 of 3)' })
    await scene.clock.advance(60_000)
    expect(scene.only()).toMatchObject({ state: 'down', since: '2026-01-01T00:01:30.500Z', message: 'answered 503, expected 200–399' })
    expect(scene.health.overall()).toBe('CRITICAL')
  })

  it('comes back with the second good result', async () => {
    const scene = createScene()
    scene.result = broken
    scene.health.start()
    await scene.clock.advance(1000)
    scene.result = fine
    await scene.clock.advance(30_000)
    expect(scene.only()).toMatchObject({ state: 'down', message: 'answered 200 (good result 1 of 2)' })
    await scene.clock.advance(30_000)
    expect(scene.only()?.state).toBe('up')
  })

  it('stays unknown while its probe has nothing to say', async () => {
    const scene = createScene()
    scene.result = undefined
    scene.health.start()
    await scene.clock.advance(1000)
    expect(scene.only()).toMatchObject({ state: 'unknown', message: 'no result yet' })
  })

  it('becomes unknown when the check itself fails, for nobody knows how the component is', async () => {
    const scene = createScene({ probe: { check: () => Promise.reject(new Error('a bug')) } })
    scene.health.start()
    await scene.clock.advance(1000)
    expect(scene.only()).toMatchObject({ state: 'unknown', message: 'the check itself failed: a bug' })
  })

  it('may not stand twice in one environment', () => {
    expect(() => createScene({ components: [{ name: 'api' }, { name: 'api' }] })).toThrow('"api" stands twice in production')
    expect(() => createScene({ components: [{ name: 'api' }, { name: 'api', environment: 'staging' }] })).not.toThrow()
  })
})

describe('a restart', () => {
  it('keeps the time of a state that the first result confirms', async () => {
    const scene = createScene({ saved: [record()] })
    expect(scene.only()?.state).toBe('unknown')
    scene.health.start()
    await scene.clock.advance(1000)
    expect(scene.only()).toMatchObject({ state: 'up', since: '2025-12-24T00:00:00.000Z' })
  })

  it('counts a state from now when the first result differs from the saved one', async () => {
    const scene = createScene({ saved: [record({ state: 'down' })] })
    scene.health.start()
    await scene.clock.advance(500)
    expect(scene.only()).toMatchObject({ state: 'up', since: '2026-01-01T00:00:00.500Z' })
    expect(scene.records.load()).toMatchObject([{ state: 'up', since: '2026-01-01T00:00:00.500Z' }])
  })

  it('forgets the saved time once the state has moved on', async () => {
    const scene = createScene({ saved: [record({ state: 'down' })], components: [{ name: 'api', failureThreshold: 1 }] })
    scene.health.start()
    await scene.clock.advance(1000)
    scene.result = broken
    await scene.clock.advance(30_000)
    expect(scene.only()).toMatchObject({ state: 'down', since: '2026-01-01T00:00:30.500Z' })
  })

  it('drops what is no longer configured', () => {
    const scene = createScene({ saved: [record({ name: 'gone' })] })
    scene.health.start()
    expect(scene.records.load()).toEqual([])
  })
})

describe('planned work', () => {
  const components = [{ name: 'api', interval: '5m', maintenance: [{ start: '00:01', end: '00:03' }] }]

  it('begins and ends on the minute, between checks too', async () => {
    const scene = createScene({ components })
    scene.health.start()
    await scene.clock.advance(60_000)
    expect(scene.only()).toMatchObject({ state: 'maintenance', since: '2026-01-01T00:01:00.000Z' })
    expect(scene.only()?.message).toBe('planned maintenance; last check: answered 200')
    await scene.clock.advance(120_000)
    expect(scene.only()).toMatchObject({ state: 'up', since: '2026-01-01T00:03:00.000Z' })
    expect(scene.events.map(({ component }) => component.state)).toEqual(['up', 'maintenance', 'up'])
  })

  it('covers what the checks find meanwhile, and shows it afterwards', async () => {
    const scene = createScene({ components: [{ ...components[0], name: 'api', interval: '10s' }] })
    scene.health.start()
    await scene.clock.advance(60_000)
    scene.result = broken
    await scene.clock.advance(60_000)
    expect(scene.health.overall()).toBe('HEALTHY')
    expect(scene.points.at(-1)?.fields.state).toBe(3n)
    await scene.clock.advance(60_000)
    expect(scene.only()?.state).toBe('down')
  })
})

describe('a heartbeat', () => {
  const probe: Probe = {
    check: async () => undefined,
    beat: ({ status, message }) => ({ ok: status !== 'down', degraded: status === 'degraded', certain: true, latencyMs: null, message }),
  }
  const worker = { name: 'worker', type: 'heartbeat' }

  it('decides the state at once', () => {
    const scene = createScene({ probe, components: [worker] })
    scene.health.heartbeat('worker', { status: 'degraded', message: 'queue is long' })
    expect(scene.only()).toMatchObject({ state: 'degraded', message: 'queue is long' })
    scene.health.heartbeat('worker', { status: 'down', message: 'queue is stuck' })
    expect(scene.events.map(({ component }) => component.state)).toEqual(['degraded', 'down'])
  })

  it('for a name that is not configured is refused', () => {
    const { health } = createScene({ probe, components: [worker] })
    expect(() => health.heartbeat('wroker', { status: 'up', message: '' })).toThrow('no component is called "wroker"')
    expect(() => health.heartbeat('worker', { status: 'up', message: '', environment: 'staging' })).toThrow('in staging')
  })

  it('needs the environment where the name stands in several', () => {
    const { health } = createScene({ probe, components: [worker, { ...worker, environment: 'staging' }] })
    expect(() => health.heartbeat('worker', { status: 'up', message: '' })).toThrow('production, staging')
    health.heartbeat('worker', { status: 'up', message: '', environment: 'staging' })
    expect(health.components().map(({ state }) => state)).toEqual(['unknown', 'up'])
  })

  it('is refused by a component that is checked in another way', () => {
    const { health } = createScene()
    expect(() => health.heartbeat('api', { status: 'up', message: '' })).toThrow('"api" is checked by http and takes no heartbeats')
  })
})
