import { type DataFrame, DataFrameType, type Field, FieldType, type QueryResultMeta } from '@grafana/data'
import type { Frame, FrameField } from '../../../collector/src/contract/query.ts'
import { alertsLimit, type TidewatchQuery } from './query-model.ts'

const types: Readonly<Record<FrameField['type'], FieldType>> = {
  time: FieldType.time,
  number: FieldType.number,
  string: FieldType.string,
  boolean: FieldType.boolean,
  other: FieldType.other,
}

/** The collector's frames as Grafana's, named so that each series of a legend says what it is. */
export function toDataFrames(frames: readonly Frame[], query: TidewatchQuery): DataFrame[] {
  return frames.map((frame) => ({
    name: frame.name,
    refId: query.refId,
    length: frame.fields[0]?.values.length ?? 0,
    meta: toMeta(frame, query),
    fields: frame.fields.map((field) => toField(field, frame, query)),
  }))
}

function toField(field: FrameField, frame: Frame, query: TidewatchQuery): Field {
  const labels = { ...frame.labels, ...field.labels }
  const series = query.kind === 'metrics' && field.type !== 'time'
  return {
    name: field.name,
    type: types[field.type],
    values: field.values as unknown[],
    ...(series && Object.keys(labels).length > 0 && { labels }),
    config: {
      ...(field.unit !== undefined && { unit: field.unit }),
      ...(series && { displayNameFromDS: toDisplayName(field.name, labels, query.alias) }),
    },
  }
}

/** `usage_user host=a`, or the alias with its placeholders filled. */
export function toDisplayName(field: string, labels: Readonly<Record<string, string>>, alias?: string): string {
  if (alias) return alias.replace(/\{\{\s*([^}]+?)\s*\}\}/g, (_whole, name: string) => (name === 'field' ? field : (labels[name] ?? '')))
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  return [field, ...pairs].join(' ')
}

function toMeta(frame: Frame, query: TidewatchQuery): QueryResultMeta {
  if (query.kind !== 'metrics') return { preferredVisualisationType: 'table', ...toPartNotice(frame, query) }
  const overTime = frame.fields.some((field) => field.type === 'time')
  return overTime ? { type: DataFrameType.TimeSeriesMulti, preferredVisualisationType: 'graph' } : { preferredVisualisationType: 'table' }
}

/** Says that a list may be longer than what was asked for; Grafana shows it in the panel's header, our panels above their rows. */
function toPartNotice(frame: Frame, query: TidewatchQuery): Pick<QueryResultMeta, 'notices'> {
  const limit = query.limit ?? (query.kind === 'alerts' ? alertsLimit : Number.POSITIVE_INFINITY)
  if ((frame.fields[0]?.values.length ?? 0) < limit) return {}
  const text = `Only the first ${limit.toLocaleString('en')} are shown; there may be more. Narrow the query, or raise its limit.`
  return { notices: [{ severity: 'warning', text }] }
}
