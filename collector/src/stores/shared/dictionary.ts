import type { FieldType, Tags } from '../../model/point.ts'
import { compareText, getOrAdd, tagOf } from './group-set.ts'

/** A series a store holds, and the number of each of its fields. */
export type StoredSeries = {
  readonly measurement: string
  readonly tags: Tags
  readonly key: string
  /** Field name → fid. */
  readonly fields: Map<string, number>
}

/** One field of one series as a store numbers it: `fid` counts from 0 and lasts as long as the store. */
export type StoredField = {
  readonly fid: number
  readonly measurement: string
  readonly tags: Tags
  readonly name: string
  readonly type: FieldType
}

type Measurement = {
  readonly types: Map<string, FieldType>
  readonly series: Map<string, StoredSeries>
  readonly leads: Map<string, { fid: number }>
}

/** All series and fields of a store, in memory. A field of a measurement has one type for all its series. */
export type Dictionary = ReturnType<typeof createDictionary>

export function createDictionary() {
  const measurements = new Map<string, Measurement>()
  const leads: { readonly fid: number }[] = []
  let fieldCount = 0
  let seriesCount = 0

  function add(field: StoredField): void {
    const measurement = getOrAdd(
      measurements,
      field.measurement,
      (): Measurement => ({ types: new Map(), series: new Map(), leads: new Map() }),
    )
    measurement.types.set(field.name, field.type)
    const key = seriesKey(field.tags)
    const series = getOrAdd(measurement.series, key, () => {
      seriesCount++
      return { measurement: field.measurement, tags: field.tags, key, fields: new Map<string, number>() }
    })
    series.fields.set(field.name, field.fid)
    const lead = getOrAdd(measurement.leads, field.name, () => ({ fid: field.fid }))
    lead.fid = Math.min(lead.fid, field.fid)
    leads[field.fid] = lead
    fieldCount = Math.max(fieldCount, field.fid + 1)
  }

  const seriesOf = (name: string): StoredSeries[] => [...(measurements.get(name)?.series.values() ?? [])]
  const seriesOfAny = (name: string | undefined) => (name === undefined ? [...measurements.keys()].flatMap(seriesOf) : seriesOf(name))

  return {
    add,
    seriesOf,
    seriesOfAny,
    fidOf: (measurement: string, tags: Tags, field: string) =>
      measurements.get(measurement)?.series.get(seriesKey(tags))?.fields.get(field),
    types: (measurement: string): ReadonlyMap<string, FieldType> => measurements.get(measurement)?.types ?? new Map(),
    measurements: () => [...measurements.keys()].sort(compareText),
    tags: (measurement: string | undefined) => {
      const names = new Set<string>()
      for (const series of seriesOfAny(measurement)) for (const name of Object.keys(series.tags)) names.add(name)
      return [...names].sort(compareText)
    },
    /** The least fid of all fields with this one's measurement and name. It never changes: later fields get greater ones. */
    leadOf: (fid: number) => leads[fid]?.fid ?? fid,
    /** The number the next new field gets. */
    fieldCount: () => fieldCount,
    seriesCount: () => seriesCount,
  }
}

/** The values a tag has in these series, sorted; series without the tag have none. */
export function tagValuesOf(series: readonly { readonly tags: Tags }[], tag: string): string[] {
  const values = new Set(series.map(({ tags }) => tagOf(tags, tag)))
  values.delete('')
  return [...values].sort(compareText)
}

/** Equal for equal tags, in whatever order they came. An empty tag is no tag. */
export function seriesKey(tags: Tags): string {
  return JSON.stringify(
    Object.entries(tags)
      .filter(([, value]) => value !== '')
      .sort(([a], [b]) => compareText(a, b)),
  )
}
