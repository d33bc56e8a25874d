import { createRoute, type z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { z as zod } from 'zod'
import type { Scope } from '../model/token.ts'
import type { RouteDeps } from './deps.ts'
import type { HttpApp, HttpEnv, Identity } from './env.ts'
import { readBody } from './middleware/body.ts'
import { parseJson, parsePart } from './validation.ts'

type Shape = z.ZodRawShape
type Values<Of extends Shape> = z.output<z.ZodObject<Of>>

/** What a handler receives: parsed, and nothing else. */
export type Call<Params extends Shape, Query extends Shape, Body> = {
  readonly params: Values<Params>
  readonly query: Values<Query>
  readonly body: Body
  readonly identity: Identity
  readonly requestId: string
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal
}

export type JsonRoute<Params extends Shape, Query extends Shape, Body extends z.ZodType, Answer> = {
  readonly method: 'get' | 'post' | 'delete'
  /** OpenAPI's notation: `/api/v1/alerts/{id}/ack`. */
  readonly path: string
  readonly scope: Scope
  readonly tag: string
  readonly summary: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly status?: 200 | 201
  readonly answer: z.ZodType<Answer>
  /** Writes the answer as JSON; left out: in one piece. */
  readonly write?: (answer: Answer) => string | ReadableStream<Uint8Array>
  handle(call: Call<Params, Query, z.output<Body>>): Answer | Promise<Answer>
}

const errorSchema = zod
  .object({ error: zod.object({ code: zod.string(), message: zod.string(), requestId: zod.string() }) })
  .meta({ description: 'What went wrong, for people (message) and programs (code).' })

/**
 * Adds one JSON route with its scope, its checks and its entry in the OpenAPI document.
 *
 * The content type of a request is not looked at: `curl -d` names it a form, and JSON is JSON.
 */
export function jsonRoute<
  Answer,
  Params extends Shape = Record<never, never>,
  Query extends Shape = Record<never, never>,
  Body extends z.ZodType = z.ZodUndefined,
>(app: HttpApp, deps: RouteDeps, route: JsonRoute<Params, Query, Body, Answer>): void {
  const params = route.params && zod.object(route.params)
  const query = route.query && zod.strictObject(route.query)
  app.openAPIRegistry.registerPath(describe(route as Described, params, query))

  app.on(route.method.toUpperCase(), [route.path.replaceAll(/\{(\w+)\}/g, ':$1')], deps.auth.require(route.scope), async (c) => {
    const answer = await route.handle({
      params: (params ? parsePart(params, c.req.param(), 'path') : {}) as Values<Params>,
      query: (query ? parsePart(query, queryOf(c), 'query string') : {}) as Values<Query>,
      body: (route.body ? await bodyOf(c, deps, route.body) : undefined) as z.output<Body>,
      identity: c.get('identity') as Identity,
      requestId: c.get('requestId'),
      signal: c.req.raw.signal,
    })
    if (!route.write) return c.json(answer as object, route.status ?? 200)
    return c.body(route.write(answer), route.status ?? 200, { 'content-type': 'application/json' })
  })
}

async function bodyOf(c: Context<HttpEnv>, deps: RouteDeps, schema: z.ZodType): Promise<unknown> {
  const body = await readBody(c, { bytesMax: deps.options.limits.requestBodyBytesMax, code: 'BODY_TOO_LARGE' })
  return parsePart(schema, body.length === 0 ? {} : parseJson(body), 'body')
}

/** Parameters given once as a string, given several times as a list. */
function queryOf(c: Context<HttpEnv>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([key, values]) => [key, values.length === 1 ? (values[0] as string) : values]),
  )
}

type Described = Pick<
  JsonRoute<Shape, Shape, z.ZodType, unknown>,
  'method' | 'path' | 'scope' | 'tag' | 'summary' | 'status' | 'body' | 'answer'
>

function describe(route: Described, params?: z.ZodObject, query?: z.ZodObject) {
  return createRoute({
    method: route.method,
    path: route.path,
    tags: [route.tag],
    summary: route.summary,
    description: `Needs a token with the scope \`${route.scope}\` once tokens are configured.`,
    security: [{ token: [] }],
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...(route.body && { body: { content: { 'application/json': { schema: route.body } } } }),
    },
    responses: {
      [route.status ?? 200]: { description: 'Done.', content: { 'application/json': { schema: route.answer } } },
      default: { description: 'Refused.', content: { 'application/json': { schema: errorSchema } } },
    },
  })
}
