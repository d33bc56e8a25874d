import type { PagePoints } from '../../model/exposition.ts'
import type { Point, Tags } from '../../model/point.ts'
import type { Fields } from '../histogram-fields.ts'
import { toHistogramFields } from '../remote-write/points.ts'
import { type ExposedFamily, type ExposedSample, innerLabelOf, labelsKey } from './family.ts'

type Taken = { -readonly [Key in keyof PagePoints]: PagePoints[Key] } & { points: Point[]; weights: number[]; refused: string[] }

/**
 * The points of a page: the metric's name is the measurement, labels are tags, the value is `value`.
 *
 * The samples of a histogram or a summary are one point, with the fields that OTLP's have:
 * docs/decisions/histograms.md. NaN says that there is no value, and nothing is kept.
 */
export function toPagePoints(families: readonly ExposedFamily[]): PagePoints {
  const taken: Taken = { points: [], weights: [], samples: 0, refused: [] }
  for (const family of families) {
    taken.samples += family.samples.length
    if (isJoined(family)) takeJoined(family, taken)
    else for (const sample of family.samples) takePlain(sample, taken)
  }
  return taken
}

const isJoined = ({ type }: ExposedFamily) => type === 'histogram' || type === 'gaugehistogram' || type === 'summary'

function takePlain({ name, labels, value, timeNs }: ExposedSample, { points, weights }: Taken): void {
  if (Number.isNaN(value)) return
  points.push(
    timeNs === undefined
      ? { measurement: name, tags: labels, fields: { value } }
      : { measurement: name, tags: labels, fields: { value }, timeNs },
  )
  weights.push(1)
}

type Joined = { readonly tags: Tags; readonly timeNs: bigint | undefined; readonly fields: Fields; weight: number; plusInfinity?: number }

function takeJoined(family: ExposedFamily, taken: Taken): void {
  const groups = new Map<string, Joined>()
  let lastKey: string | undefined
  let last: Joined | undefined
  for (const sample of family.samples) {
    const inner = innerLabelOf(family, sample)
    const key = `${labelsKey(sample.labels, inner)}${sample.timeNs ?? ''}`
    const group = (key === lastKey ? last : groups.get(key)) ?? {
      tags: without(sample.labels, inner),
      timeNs: sample.timeNs,
      fields: {},
      weight: 0,
    }
    if (!groups.has(key)) groups.set(key, group)
    lastKey = key
    last = group
    group.weight++
    if (sample.native) takeNative(family.name, sample, group, taken)
    else if (!takeField(family, sample, inner, group)) takePlain(sample, taken)
  }
  for (const group of groups.values()) takeGroup(family.name, group, taken)
}

function takeGroup(measurement: string, { tags, timeNs, fields, weight, plusInfinity }: Joined, { points, weights }: Taken): void {
  if (fields.count === undefined && plusInfinity !== undefined) fields.count = plusInfinity
  if (Object.keys(fields).length === 0) return
  points.push({ measurement, tags, fields, ...(timeNs !== undefined && { timeNs }) })
  weights.push(weight)
}

function without(labels: Tags, inner: string | undefined): Tags {
  if (inner === undefined || labels[inner] === undefined) return labels
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== inner))
}

/** A native histogram says all that the classic buckets beside it say. */
function takeNative(name: string, { native = {} }: ExposedSample, { fields }: Joined, { refused }: Taken): void {
  const found = toHistogramFields(native)
  if (typeof found.problem === 'string') refused.push(`${name}: ${found.problem}`)
  else Object.assign(fields, found)
}

const fieldNames: Readonly<Record<string, string>> = { _sum: 'sum', _gsum: 'sum', _count: 'count', _gcount: 'count', _created: 'created' }

/** False for a sample that is no part of the metric, such as a bucket without a bound. */
function takeField({ name }: ExposedFamily, sample: ExposedSample, inner: string | undefined, group: Joined): boolean {
  const { value, labels } = sample
  if (inner === undefined) {
    const field = fieldNames[sample.name.slice(name.length)]
    if (field === undefined) return false
    if (Number.isFinite(value)) group.fields[field] = value
    return true
  }
  const text = Object.hasOwn(labels, inner) ? labels[inner]?.trim() : undefined
  if (inner === 'le' && text !== undefined && /^\+?inf$/i.test(text)) {
    group.plusInfinity = value
    return true
  }
  const place = text ? Number(text) : Number.NaN
  if (!Number.isFinite(place)) return false
  if (Number.isFinite(value)) group.fields[`${inner}_${place}`] = value
  return true
}
