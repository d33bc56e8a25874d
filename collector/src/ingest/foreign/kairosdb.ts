import type { Point } from '../../model/point.ts'
import { type Taken, takeEntries, toNumber, toTags } from './taken.ts'

/**
 * KairosDB's `/api/v1/datapoints`: a metric with one value, or with `datapoints` of `[milliseconds, value]`.
 * https://kairosdb.github.io/docs/restapi/AddDataPoints.html
 */
export function toKairosDbPoints(parsed: unknown): Taken {
  return takeEntries(parsed, ({ name, tags: given, timestamp, value, datapoints }) => {
    const tags = toTags(given)
    if (typeof name !== 'string' || name === '') return 'it has no name'
    if (typeof tags === 'string') return tags
    const pairs: unknown = datapoints ?? [[timestamp, value]]
    if (!Array.isArray(pairs)) return 'its datapoints are no list'
    const points = pairs.map((pair) => toPoint(name, tags, pair))
    return points.find((point) => typeof point === 'string') ?? (points as Point[])
  })
}

function toPoint(measurement: string, tags: Record<string, string>, pair: unknown): Point | string {
  const [time, value] = Array.isArray(pair) ? pair.map(toNumber) : []
  if (time === undefined) return 'a timestamp is no number of milliseconds'
  if (value === undefined) return 'a value is no number'
  return { measurement, tags, fields: { value }, timeNs: BigInt(Math.round(time)) * 1_000_000n }
}
