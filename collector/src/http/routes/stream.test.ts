import { describe, expect, it } from 'vitest'
import { anAlert, createFakeDoors, smallLimits } from '../fakes/fake-doors.ts'
import { createHttp } from '../server.ts'

function setup() {
  const doors = createFakeDoors()
  const { app, closeStreams } = createHttp(doors)
  const open = async () => {
    const answer = await app.request('/api/v1/stream')
    const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough<string>(new TextDecoderStream() as never).getReader()
    return { answer, next: async () => (await reader.read()).value, cancel: () => reader.cancel() }
  }
  return { doors, closeStreams, open, app }
}

describe('GET /api/v1/stream', () => {
  it('tells of every change as a named event', async () => {
    const { doors, open } = setup()
    const { answer, next } = await open()
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    expect(await next()).toContain('retry: 3000')
    doors.tell({ type: 'alert', alert: anAlert })
    expect(await next()).toBe(`event: alert\nid: 1\ndata: ${JSON.stringify({ type: 'alert', alert: anAlert })}\n\n`)
  })

  it('sends heartbeats while nothing happens', async () => {
    const { doors, open } = setup()
    const { next } = await open()
    await next()
    await doors.clock.advance(15_000)
    expect(await next()).toBe(': heartbeat\n\n')
    await doors.clock.advance(15_000)
    expect(await next()).toBe(': heartbeat\n\n')
  })

  it('lets a client go that does not read, and forgets it', async () => {
    const { doors, open } = setup()
    await open()
    for (let i = 0; i < smallLimits.streamQueueMax + 20; i++) doors.tell({ type: 'alert', alert: anAlert })
    expect(doors.listeners()).toBe(0)
  })

  it('forgets a client that leaves', async () => {
    const { doors, open } = setup()
    const { next, cancel } = await open()
    await next()
    expect(doors.listeners()).toBe(1)
    await cancel()
    expect(doors.listeners()).toBe(0)
  })

  it('has a place for so many clients and no more', async () => {
    const { open, app } = setup()
    await open()
    await open()
    expect((await app.request('/api/v1/stream')).status).toBe(429)
  })

  it('ends every stream when the collector stops', async () => {
    const { closeStreams, open, app } = setup()
    const { next } = await open()
    await next()
    closeStreams()
    expect(await next()).toBeUndefined()
    expect((await app.request('/api/v1/stream')).status).toBe(503)
  })
})
