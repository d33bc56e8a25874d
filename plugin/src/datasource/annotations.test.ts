import { lastValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { toFrame } from '../../test/frames.ts'
import { createAnnotationSupport, toEvents } from './annotations.ts'

describe('toEvents', () => {
  it('marks a finished deployment as a region and a running one as a moment', () => {
    const frame = toFrame({
      id: ['d1', 'd2'],
      service: ['api', 'api'],
      environment: ['production', 'production'],
      version: ['1.4.2', '1.4.3'],
      previousVersion: ['1.4.1', ''],
      status: ['rolled_back', 'running'],
      actor: ['jane', ''],
      reason: ['too slow', ''],
      startedAt: [1000, 5000],
      finishedAt: [2000, null],
    })
    expect(toEvents(frame)).toEqual([
      {
        id: 'd1',
        time: 1000,
        timeEnd: 2000,
        isRegion: true,
        title: 'api 1.4.2 (was 1.4.1)',
        text: 'rolled back by jane: too slow',
        tags: ['api', 'production', 'rolled_back'],
        color: 'orange',
      },
      { id: 'd2', time: 5000, title: 'api 1.4.3', text: 'running', tags: ['api', 'production', 'running'], color: 'blue' },
    ])
  })

  it('marks alerts with their severity and cause', () => {
    const frame = toFrame({
      id: ['a'],
      rule: ['High CPU'],
      severity: ['critical'],
      state: ['firing'],
      summary: ['busy'],
      cause: ['api 1.4.2'],
      startsAt: [1000],
    })
    expect(toEvents(frame)[0]).toMatchObject({ title: 'critical: High CPU', text: 'busy. After: api 1.4.2', color: 'red', time: 1000 })
  })

  it('marks changes of health, and nothing of frames it does not know', () => {
    expect(toEvents(toFrame({ time: [1], component: ['db'], environment: ['x'], state: ['down'] }))[0]).toMatchObject({
      title: 'db is down',
      color: 'red',
    })
    expect(toEvents(toFrame({ time: [1], usage_user: [2] }))).toEqual([])
  })

  it('leaves out what has no time', () => {
    expect(toEvents(toFrame({ service: ['api'], version: ['1'], startedAt: [null] }))).toEqual([])
  })
})

describe('createAnnotationSupport', () => {
  const support = createAnnotationSupport()

  it('asks for deployments until told otherwise', () => {
    expect(support.getDefaultQuery?.()).toMatchObject({ kind: 'deployments' })
    expect(support.prepareAnnotation?.({ name: 'x' })).toMatchObject({ name: 'x', target: { kind: 'deployments' } })
  })

  it('asks for past alerts too', () => {
    const annotation = { name: 'x', enable: true, iconColor: 'red', target: { refId: 'Anno', kind: 'alerts' as const } }
    expect(support.prepareQuery?.(annotation)).toMatchObject({ kind: 'alerts', view: 'all' })
  })

  it('gathers the marks of all frames', async () => {
    const frame = toFrame({ service: ['api'], version: ['1'], startedAt: [1] })
    const events = await lastValueFrom(support.processEvents?.({ name: 'x' } as never, [frame, frame]) as never)
    expect(events).toHaveLength(2)
  })
})
