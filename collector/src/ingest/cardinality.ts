import type { Series } from '../model/point.ts'

/** Says which measurement and which of its tags filled the series table. */
export function cardinalitySentence(series: readonly Series[], measurement: string, seriesMax: number): string {
  const ofMeasurement = series.filter((one) => one.measurement === measurement)
  const full = `the limit of ${seriesMax} series is reached; measurement "${measurement}" has ${ofMeasurement.length} of them`
  const widest = widestTag(ofMeasurement)
  return widest === undefined
    ? `${full}. Send fewer series or raise ingest.seriesMax.`
    : `${full}, and its tag "${widest.tag}" ${widest.values} values. Leave that tag out or raise ingest.seriesMax.`
}

function widestTag(series: readonly Series[]): { tag: string; values: number } | undefined {
  const valuesOf = new Map<string, Set<string>>()
  for (const { tags } of series) {
    for (const [tag, value] of Object.entries(tags)) {
      const values = valuesOf.get(tag)
      if (values) values.add(value)
      else valuesOf.set(tag, new Set([value]))
    }
  }
  return [...valuesOf].map(([tag, values]) => ({ tag, values: values.size })).sort((a, b) => b.values - a.values)[0]
}
