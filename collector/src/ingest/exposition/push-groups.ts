import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../lib/errors.ts'
import type { PagePoints } from '../../model/exposition.ts'
import type { Point, SeriesName, Tags } from '../../model/point.ts'
import type { Ingest, IngestResult } from '../ingest.ts'
import { labelsKey } from './family.ts'

/** What was pushed under the same job and labels. */
export type PushGroups = {
  /** `replace` ends all series of the group that are not pushed again; `add` only those of the metrics that are pushed. */
  push(group: Tags, page: PagePoints, mode: 'replace' | 'add', signal: AbortSignal): Promise<PushResult>
  /** Ends all series of the group. */
  remove(group: Tags): void
}

export type PushResult = Pick<IngestResult, 'accepted'> & {
  /** Why samples were not taken, the first of the reasons. */
  readonly reason?: string
}

export type PushGroupDoors = {
  readonly ingest: Pick<Ingest, 'points'>
  readonly end: (series: readonly SeriesName[], timeMs: number) => void
  readonly clock: Clock
  /** The group that was pushed to the longest time ago is forgotten when there are more. */
  readonly groupsMax?: number
}

/** The series of a group, by metric and by labels. */
type Group = Map<string, Map<string, SeriesName>>

/**
 * Remembers which series each group has, so that a push can end those it replaces. Points are stored
 * once, at the time of their push: nobody comes to fetch them again and again as from Pushgateway.
 * https://github.com/prometheus/pushgateway#api
 */
export function createPushGroups({ ingest, end, clock, groupsMax = 10_000 }: PushGroupDoors): PushGroups {
  const groups = new Map<string, Group>()

  function remember(key: string, group: Group): void {
    groups.delete(key)
    groups.set(key, group)
    const [oldest] = groups.keys()
    if (groups.size > groupsMax && oldest !== undefined) groups.delete(oldest)
  }

  return {
    async push(labels, page, mode, signal) {
      const nowMs = clock.now()
      const timeNs = BigInt(Math.round(nowMs)) * 1_000_000n
      const about = (measurement: string) => ({ measurement, tags: labels, fields: { value: nowMs / 1000 }, timeNs })
      if (page.points.some((point) => point.timeNs !== undefined)) {
        await ingest.points([about('push_failure_time_seconds')], signal)
        throw new AppError('BAD_REQUEST', 'pushed metrics must not have timestamps')
      }
      const points = page.points.map(
        ({ measurement, tags, fields }): Point => ({ measurement, tags: { ...tags, ...labels }, fields, timeNs }),
      )
      const pushed = [...points, about('push_time_seconds')]
      const { accepted, rejected } = await ingest.points(pushed, signal)
      const key = labelsKey(labels)
      const before: Group = groups.get(key) ?? new Map()
      const { after, ended } = replaceIn(before, toGroup(pushed), mode)
      remember(key, after)
      if (ended.length > 0) end(ended, nowMs)
      const [first] = rejected
      const reason = page.refused[0] ?? (first && `${pushed[first.line - 1]?.measurement}: ${first.reason}`)
      return reason === undefined ? { accepted } : { accepted, reason }
    },
    remove(labels) {
      const key = labelsKey(labels)
      const ended = [...(groups.get(key)?.values() ?? [])].flatMap((series) => [...series.values()])
      groups.delete(key)
      if (ended.length > 0) end(ended, clock.now())
    },
  }
}

function toGroup(points: readonly Point[]): Group {
  const byName = Map.groupBy(points, ({ measurement }) => measurement)
  return new Map([...byName].map(([name, own]) => [name, new Map(own.map((point) => [labelsKey(point.tags), point]))]))
}

function replaceIn(before: Group, pushed: Group, mode: 'replace' | 'add'): { after: Group; ended: SeriesName[] } {
  const replaced = [...before].filter(([name]) => mode === 'replace' || pushed.has(name))
  const ended = replaced.flatMap(([name, series]) =>
    [...series].flatMap(([key, one]) => (pushed.get(name)?.has(key) ? [] : [{ measurement: one.measurement, tags: one.tags }])),
  )
  return { after: mode === 'replace' ? pushed : new Map([...before, ...pushed]), ended }
}
