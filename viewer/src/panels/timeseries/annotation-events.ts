import type { DataFrame } from '@grafana/data'

/** One annotation: a moment, or a span when `timeEnd` lies after `time`. */
export type AnnotationMark = {
  key: string
  time: number
  timeEnd: number | undefined
  title: string
  text: string
  tags: string[]
  color: string | undefined
}

/** Reads the columns of annotation frames; rows without a time are left out. */
export function readAnnotations(frames: readonly DataFrame[]): AnnotationMark[] {
  return frames.flatMap((frame, frameIndex) => {
    const column = (name: string) => frame.fields.find((field) => field.name === name)?.values ?? []
    const [times, ends, titles, texts, tags, colors] = ['time', 'timeEnd', 'title', 'text', 'tags', 'color'].map(column)
    const marks: AnnotationMark[] = []
    for (let row = 0; row < frame.length; row++) {
      const time = toMs(times?.[row])
      if (time === undefined) continue
      const end = toMs(ends?.[row])
      marks.push({
        key: `${frameIndex}-${row}-${time}`,
        time,
        timeEnd: end !== undefined && end > time ? end : undefined,
        title: toText(titles?.[row]),
        text: toText(texts?.[row]),
        tags: toTags(tags?.[row]),
        color: toText(colors?.[row]) || undefined,
      })
    }
    return marks
  })
}

function toMs(value: unknown): number | undefined {
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isFinite(ms) && ms > 0 ? ms : undefined
}

function toText(value: unknown): string {
  return value === null || value === undefined ? '' : String(value)
}

function toTags(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  return typeof value === 'string' && value !== '' ? value.split(',').map((tag) => tag.trim()) : []
}
