import { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { AppError } from '../../lib/errors.ts'
import { fieldsAnswer, measurementsAnswer, tagsAnswer, tagValuesAnswer } from '../answers/api-answers.ts'
import type { RouteDeps } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { jsonRoute } from '../json-route.ts'

const name = z.string().min(1).max(1024)

/** Names for editors and variables: what is stored, and under which tags. */
export function catalogRoutes(deps: RouteDeps): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const { store } = deps
  const described = { method: 'get', scope: 'read', tag: 'Catalogue' } as const

  jsonRoute(app, deps, {
    ...described,
    path: '/measurements',
    summary: 'The measurements that hold points.',
    answer: measurementsAnswer,
    handle: async ({ signal }) => ({ measurements: await store.measurements(within(deps, signal)) }),
  })
  jsonRoute(app, deps, {
    ...described,
    path: '/fields',
    summary: 'The fields of a measurement and their types.',
    query: { measurement: name },
    answer: fieldsAnswer,
    handle: async ({ query, signal }) => ({ fields: await store.fields(query.measurement, within(deps, signal)) }),
  })
  jsonRoute(app, deps, {
    ...described,
    path: '/tags',
    summary: 'The tags of a measurement, or of all.',
    query: { measurement: name.optional() },
    answer: tagsAnswer,
    handle: async ({ query, signal }) => ({ tags: await store.tags(query.measurement, within(deps, signal)) }),
  })
  jsonRoute(app, deps, {
    ...described,
    path: '/tag-values',
    summary: 'The values of a tag, narrowed by other tags if wanted.',
    query: {
      tag: name,
      measurement: name.optional(),
      where: z
        .union([z.string(), z.array(z.string())])
        .optional()
        .meta({ description: 'tag=value, repeated for several.' }),
    },
    answer: tagValuesAnswer,
    handle: async ({ query, signal }) => ({
      values: await store.tagValues(query.measurement, query.tag, [query.where ?? []].flat().map(toFilter), within(deps, signal)),
    }),
  })
  return app
}

function toFilter(text: string): { tag: string; op: '='; value: string } {
  const at = text.indexOf('=')
  if (at < 1) throw new AppError('VALIDATION_FAILED', `where: "${text}" is not written tag=value.`)
  return { tag: text.slice(0, at), op: '=', value: text.slice(at + 1) }
}

function within(deps: RouteDeps, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(deps.options.limits.queryTimeoutMs)])
}
