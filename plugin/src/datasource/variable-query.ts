import type { DataQuery } from '@grafana/schema'
import { lastValueFrom } from 'rxjs'
import type { CollectorClient } from '../client/collector-client.ts'
import { compareNaturally } from '../format/natural-order.ts'

export const findable = ['tag-values', 'tags', 'measurements', 'fields', 'components', 'environments', 'services'] as const
export type Findable = (typeof findable)[number]

/** What a dashboard keeps of a variable's query. */
export interface VariableQuery extends DataQuery {
  find: Findable
  measurement?: string
  tag?: string
}

/** Whether a variable's query says enough to be asked. */
export function isComplete(query: VariableQuery): boolean {
  if (query.find === 'tag-values') return Boolean(query.tag)
  return query.find !== 'fields' || Boolean(query.measurement)
}

/** The names a variable offers, in natural order, each once. */
export async function findNames(query: VariableQuery, range: { from: number; to: number }, client: CollectorClient): Promise<string[]> {
  if (!isComplete(query)) return []
  return [...new Set(await ask(query, range, client))].sort(compareNaturally)
}

async function ask(query: VariableQuery, range: { from: number; to: number }, client: CollectorClient): Promise<readonly string[]> {
  const { find, measurement, tag = '' } = query
  switch (find) {
    case 'measurements':
      return client.measurements()
    case 'fields':
      return (await client.fields(measurement ?? '')).map((field) => field.name)
    case 'tags':
      return client.tags(measurement)
    case 'components':
      return (await client.health()).components.map((component) => component.name)
    case 'environments':
      return (await client.health()).components.map((component) => component.environment)
    case 'services':
      return findServices(range, client)
    default:
      return client.tagValues(tag, measurement)
  }
}

async function findServices(range: { from: number; to: number }, client: CollectorClient): Promise<string[]> {
  const answer = await lastValueFrom(client.query({ range, queries: [{ refId: 'A', kind: 'deployments', limit: 10_000 }] }))
  const frames = answer.results.A?.frames ?? []
  return frames.flatMap((frame) => frame.fields.filter((field) => field.name === 'service').flatMap((field) => field.values.map(String)))
}
