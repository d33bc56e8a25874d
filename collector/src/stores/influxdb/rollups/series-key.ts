import { escapeKey, escapeMeasurement } from '../../shared/encode-lines.ts'

/** A series as line protocol begins with it. An answer names the tags a series lacks with an empty value, which cannot be written. */
export function encodeSeriesKey(measurement: string, tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).filter(([, value]) => value !== '')
  return [escapeMeasurement(measurement), ...pairs.map(([name, value]) => `${escapeKey(name)}=${escapeKey(value)}`)].join(',')
}
