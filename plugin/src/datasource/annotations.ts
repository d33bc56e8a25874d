import type { AnnotationEvent, AnnotationQuery, AnnotationSupport, DataFrame } from '@grafana/data'
import { of } from 'rxjs'
import { type Columns, createColumns } from '../format/columns.ts'
import type { TidewatchQuery } from './query-model.ts'

const defaultTarget: TidewatchQuery = { refId: 'Anno', kind: 'deployments' }

/** Deployments, alerts or changes of health as marks on every graph. */
export function createAnnotationSupport(): AnnotationSupport<TidewatchQuery> {
  return {
    getDefaultQuery: () => defaultTarget,
    prepareAnnotation: (json: AnnotationQuery<TidewatchQuery>) => ({ ...json, target: { ...defaultTarget, ...json.target } }),
    // Past alerts matter as much as present ones when they are drawn beside a graph.
    prepareQuery: ({ target }) => ({ ...defaultTarget, ...target, ...(target?.kind === 'alerts' && { view: 'all' as const }) }),
    processEvents: (_annotation, frames) => of(frames.flatMap(toEvents)),
  }
}

/** One mark for each row of a frame of deployments, alerts or health. */
export function toEvents(frame: DataFrame): AnnotationEvent[] {
  const columns = createColumns(frame)
  const toEvent = eventOf(columns)
  if (!toEvent) return []
  return Array.from({ length: frame.length }, (_none, row) => toEvent(row)).filter((event) => event.time !== undefined)
}

function eventOf(columns: Columns): ((row: number) => AnnotationEvent) | undefined {
  if (columns.has('service', 'version', 'startedAt')) return (row) => deploymentEvent(columns, row)
  if (columns.has('rule', 'severity', 'startsAt')) return (row) => alertEvent(columns, row)
  if (columns.has('component', 'state', 'time')) return (row) => healthEvent(columns, row)
  return undefined
}

const deploymentColors: Readonly<Record<string, string>> = { succeeded: 'green', failed: 'red', rolled_back: 'orange', running: 'blue' }
const severityColors: Readonly<Record<string, string>> = { critical: 'red', high: 'orange', warning: 'yellow', info: 'blue' }
const stateColors: Readonly<Record<string, string>> = { up: 'green', degraded: 'yellow', down: 'red', maintenance: 'blue' }

function deploymentEvent(columns: Columns, row: number): AnnotationEvent {
  const text = (name: string) => columns.text(name, row)
  const who = text('actor') ? ` by ${text('actor')}` : ''
  const before = text('previousVersion') ? ` (was ${text('previousVersion')})` : ''
  return {
    id: text('id'),
    ...span(columns.time('startedAt', row), columns.time('finishedAt', row)),
    title: `${text('service')} ${text('version')}${before}`,
    text: `${text('status').replace('_', ' ')}${who}${text('reason') ? `: ${text('reason')}` : ''}`,
    tags: [text('service'), text('environment'), text('status')].filter((tag) => tag !== ''),
    color: deploymentColors[text('status')] ?? 'gray',
  }
}

function alertEvent(columns: Columns, row: number): AnnotationEvent {
  const text = (name: string) => columns.text(name, row)
  return {
    id: text('id'),
    ...span(columns.time('startsAt', row), columns.time('endsAt', row)),
    title: `${text('severity')}: ${text('rule')}`,
    text: [text('summary'), text('cause') && `After: ${text('cause')}`].filter((part) => part !== '').join('. '),
    tags: [text('severity'), text('state')].filter((tag) => tag !== ''),
    color: severityColors[text('severity')] ?? 'gray',
  }
}

function healthEvent(columns: Columns, row: number): AnnotationEvent {
  const text = (name: string) => columns.text(name, row)
  return {
    ...span(columns.time('time', row), null),
    title: `${text('component')} is ${text('state')}`,
    tags: [text('component'), text('environment'), text('state')].filter((tag) => tag !== ''),
    color: stateColors[text('state')] ?? 'gray',
  }
}

function span(from: number | null, to: number | null): Pick<AnnotationEvent, 'time' | 'timeEnd' | 'isRegion'> {
  if (from === null) return {}
  return to !== null && to > from ? { time: from, timeEnd: to, isRegion: true } : { time: from }
}
