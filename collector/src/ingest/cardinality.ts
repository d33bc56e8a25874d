import type { Series } from '../model/point.ts'

/** Says which measurement, which application and which tag filled the series table. */
export function cardinalitySentence(series: readonly Series[], measurement: string, seriesMax: number): string {
  const ofMeasurement = series.filter((one) => one.measurement === measurement)
  const full = `the limit of ${seriesMax} series is reached; measurement "${measurement}" has ${ofMeasurement.length} of them`
  const fullest = fullestOf(series)
  if (fullest !== measurement) return `${full}, and most are of "${fullest}". Send fewer of those or raise limits.seriesMax.`
  const from = sendersOf(ofMeasurement)
  const widest = widestTag(ofMeasurement)
  return widest === undefined
    ? `${full}. Send fewer series or raise limits.seriesMax.`
    : `${full}${from}, and its tag "${widest.tag}" ${widest.values} values. Leave that tag out or raise limits.seriesMax.`
}

function fullestOf(series: readonly Series[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { measurement } of series) counts.set(measurement, (counts.get(measurement) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}

/** Tags by which applications name themselves, the surest first. */
const applicationTags = ['service', 'service.name', 'app', 'application', 'job']

/** The application that most of the series come from, where they say. */
function sendersOf(series: readonly Series[]): string {
  const tag = applicationTags.find((name) => series.some(({ tags }) => tags[name] !== undefined))
  if (tag === undefined) return ''
  const counts = new Map<string, number>()
  for (const { tags } of series) {
    const application = tags[tag]
    if (application !== undefined) counts.set(application, (counts.get(application) ?? 0) + 1)
  }
  const [most = ''] = [...counts].sort(([, a], [, b]) => b - a)
  return ` (${most[1]} with ${tag}="${most[0]}")`
}

/** Other than the tag that names the application, which is not the one to leave out. */
function widestTag(series: readonly Series[]): { tag: string; values: number } | undefined {
  const valuesOf = new Map<string, Set<string>>()
  for (const { tags } of series) {
    for (const [tag, value] of Object.entries(tags).filter(([name]) => !applicationTags.includes(name))) {
      const values = valuesOf.get(tag)
      if (values) values.add(value)
      else valuesOf.set(tag, new Set([value]))
    }
  }
  return [...valuesOf].map(([tag, values]) => ({ tag, values: values.size })).sort((a, b) => b.values - a.values)[0]
}
