import type { PagePoints } from '../../model/exposition.ts'
import type { Point, Tags } from '../../model/point.ts'
import type { ScrapeOptions } from './options.ts'

type Labelling = Pick<ScrapeOptions, 'honorLabels' | 'honorTimestamps'>

/** Adds the target's labels. One that the page has already is kept as `exported_…`, or wins with honorLabels. */
export function toTargetPoints(points: readonly Point[], labels: Tags, { honorLabels, honorTimestamps }: Labelling): Point[] {
  return points.map(({ measurement, tags, fields, timeNs }) => ({
    measurement,
    tags: honorLabels ? { ...labels, ...tags } : overruled(tags, labels),
    fields,
    ...(honorTimestamps && timeNs !== undefined && { timeNs }),
  }))
}

function overruled(tags: Tags, labels: Tags): Tags {
  const merged: Record<string, string> = { ...tags, ...labels }
  for (const [name, value] of Object.entries(tags)) {
    if (!Object.hasOwn(labels, name) || value === '') continue
    let exported = `exported_${name}`
    while (Object.hasOwn(merged, exported)) exported = `exported_${exported}`
    merged[exported] = value
  }
  return merged
}

/** Leaves out the metrics that are not wanted; `kept` counts the samples that stay, those without a value too. */
export function createSelection({ keep, drop }: Pick<ScrapeOptions, 'keep' | 'drop'>): (page: PagePoints) => PagePoints & { kept: number } {
  const kept = keep.map(wholeName)
  const dropped = drop.map(wholeName)
  const isWanted = (name: string) => (kept.length === 0 || kept.some((one) => one.test(name))) && !dropped.some((one) => one.test(name))
  return (page) => {
    const wanted = page.points.flatMap(({ measurement }, index) => (isWanted(measurement) ? [index] : []))
    if (wanted.length === page.points.length) return { ...page, kept: page.samples }
    const weights = wanted.map((index) => page.weights[index] as number)
    const left = sum(page.weights) - sum(weights)
    return { ...page, points: wanted.map((index) => page.points[index] as Point), weights, kept: page.samples - left }
  }
}

const sum = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0)

/** Over the whole name, as Prometheus's relabelling has it. */
const wholeName = (pattern: string) => new RegExp(`^(?:${pattern})$`, 'u')
