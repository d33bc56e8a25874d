import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { AppError } from '../../lib/errors.ts'
import type { TagFilter } from '../../model/query.ts'
import type { ExportRequest, SealResult } from '../../model/store.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'
import { timeParam, toRange } from '../query/query-params.ts'
import { parsePart } from '../validation.ts'

/** Nanoseconds of other times do not fit in 64 bits: about the years 1684 to 2255. */
const farthestMs = 9_000_000_000_000

const filter = z.string().transform((text, context): TagFilter => {
  const [, tag, op, value] = /^(.+?)(=~|!~|!=|=)(.*)$/s.exec(text) ?? []
  if (tag !== undefined && op !== undefined && value !== undefined) return { tag, op: op as TagFilter['op'], value }
  context.addIssue({
    code: 'custom',
    message: `"${text}" is not a filter; write tag=value, tag!=value, tag=~expression or tag!~expression`,
  })
  return z.NEVER
})

export type ExportQuestion = { from?: string; to?: string; measurement?: string; where: readonly string[] }

const asked = z.strictObject({
  from: timeParam,
  to: timeParam,
  measurement: z.string().min(1).max(1024).optional(),
  where: z.array(filter),
})

const sealAnswer: z.ZodType<SealResult> = z.object({ days: z.number(), files: z.number(), values: z.number(), bytes: z.number() })

/** What is done with the embedded store as a whole. */
export function storeRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const { store, clock } = deps

  jsonRoute(app, deps, {
    method: 'post',
    path: '/store/seal',
    scope: 'operate',
    tag: 'Collector',
    summary: 'Seals every day (UTC) that has ended, without waiting for late points.',
    answer: sealAnswer,
    handle: () => {
      if (!store.seal) throw notHere(store.kind, 'seals no days')
      return store.seal()
    },
  })
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/export',
    tags: ['Query'],
    summary: 'Points as line protocol, in nanoseconds: from, to, measurement, and where=tag=value as often as wanted.',
    security: [{ token: [] }],
    responses: { 200: { description: 'Line protocol.', content: { 'text/plain': { schema: { type: 'string' } } } } },
  })
  app.get('/export', deps.auth.require('read'), async (c) => {
    if (!store.export) throw notHere(store.kind, 'is not exported by Tidewatch; use its own tools')
    const question = { ...c.req.query(), where: c.req.queries('where') ?? [] }
    const lines = store.export(toExportRequest(question, clock.now()), c.req.raw.signal)
    // The first lines come before the status is sent, so that a wrong question gets its answer.
    const first = await lines.next()
    return c.body(ReadableStream.from(encode(first, lines)), 200, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
    })
  })
  return app
}

/** What a question asks for, whether it came over HTTP or from the command line. */
export function toExportRequest(question: ExportQuestion, nowMs: number): ExportRequest {
  const { from, to, measurement, where } = parsePart(asked, question, 'query')
  const range = toRange(from, to, nowMs) ?? { from: -farthestMs, to: farthestMs }
  return { range, where, ...(measurement !== undefined && { measurement }) }
}

async function* encode(first: IteratorResult<string, void>, rest: AsyncGenerator<string, void>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  try {
    for (let next = first; !next.done; next = await rest.next()) yield encoder.encode(next.value)
  } finally {
    await rest.return()
  }
}

function notHere(kind: string, what: string): AppError {
  return new AppError('CONFLICT', `The store ${kind} ${what}.`)
}
