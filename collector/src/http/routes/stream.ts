import { OpenAPIHono } from '@hono/zod-openapi'
import { AppError } from '../../lib/errors.ts'
import type { StreamEvent } from '../../model/event.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'

const heartbeatMs = 15_000
const retryMs = 3000

export type StreamRoutes = {
  readonly app: HttpApp
  /** Ends every stream, so that the server can stop. */
  close(): void
  clients(): number
}

/**
 * `GET /api/v1/stream`: server-sent events for health, alerts, deployments and gates.
 *
 * Each client has a bounded queue. One that does not read fast enough is let go: it reconnects by
 * itself and asks for the whole state, which costs less than an endless backlog.
 */
export function streamRoutes(deps: RouteDeps): StreamRoutes {
  const { streamClientsMax, streamQueueMax } = deps.options.limits
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const clients = new Set<() => void>()
  let closed = false

  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/stream',
    tags: ['Stream'],
    summary: 'Server-sent events named health, alert, deployment and gate.',
    security: [{ token: [] }],
    responses: { 200: { description: 'A stream of events.', content: { 'text/event-stream': { schema: { type: 'string' } } } } },
  })
  app.get('/stream', deps.auth.require('read'), (c) => {
    if (closed) throw new AppError('SHUTTING_DOWN', 'The collector is stopping.')
    if (clients.size >= streamClientsMax) {
      throw new AppError('TOO_MANY_REQUESTS', `${streamClientsMax} clients listen already; close one or raise limits.streamClientsMax.`)
    }
    return c.body(eventStream(deps, c.req.raw.signal, clients, streamQueueMax), 200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    })
  })
  return {
    app,
    clients: () => clients.size,
    close() {
      closed = true
      for (const end of [...clients]) end()
    },
  }
}

function eventStream(deps: RouteDeps, left: AbortSignal, clients: Set<() => void>, queueMax: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let end = () => {}

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let id = 0
        let cancelBeat = () => {}
        const send = (text: string) => {
          if ((controller.desiredSize ?? 0) <= 0) return end()
          controller.enqueue(encoder.encode(text))
        }
        const beat = () => {
          cancelBeat = deps.clock.after(heartbeatMs, beat)
          send(': heartbeat\n\n')
        }
        const unsubscribe = deps.subscribe((event) => send(toMessage(event, ++id)))
        end = () => {
          if (!clients.delete(end)) return
          unsubscribe()
          cancelBeat()
          controller.close()
        }
        clients.add(end)
        left.addEventListener('abort', () => end(), { once: true })
        send(`: connected\nretry: ${retryMs}\n\n`)
        cancelBeat = deps.clock.after(heartbeatMs, beat)
      },
      cancel: () => end(),
    },
    new CountQueuingStrategy({ highWaterMark: queueMax }),
  )
}

function toMessage(event: StreamEvent, id: number): string {
  return `event: ${event.type}\nid: ${id}\ndata: ${JSON.stringify(event)}\n\n`
}
