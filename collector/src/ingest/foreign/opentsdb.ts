import { type Taken, takeEntries, toNumber, toTags, toTimeNs } from './taken.ts'

/**
 * OpenTSDB's `/api/put`: `{metric, timestamp, value, tags}`, one or a list, which may be empty.
 * http://opentsdb.net/docs/build/html/api_http/put.html
 */
export function toOpenTsdbPoints(parsed: unknown): Taken {
  return takeEntries(parsed, ({ metric, timestamp, value, tags: given }) => {
    const [time, number, tags] = [toNumber(timestamp), toNumber(value), toTags(given)]
    if (typeof metric !== 'string' || metric === '') return 'it has no metric'
    if (time === undefined) return 'its timestamp is no number'
    if (number === undefined) return 'its value is no number'
    if (typeof tags === 'string') return tags
    return [{ measurement: metric, tags, fields: { value: number }, timeNs: toTimeNs(time) }]
  })
}
