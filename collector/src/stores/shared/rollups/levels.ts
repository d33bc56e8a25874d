import type { FieldType } from '../../../model/point.ts'

/** Windows of one width, aligned to 1970. */
export type Level = { readonly name: LevelName; readonly widthMs: number }

export type LevelName = (typeof names)[number]

const names = ['1m', '5m', '15m', '1h', '1d'] as const
const minuteMs = 60_000
const widths: Readonly<Record<LevelName, number>> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '1h': 60 * minuteMs,
  '1d': 1440 * minuteMs,
}

/** From fine to coarse; every width divides the next. */
export const levels: readonly Level[] = names.map((name) => ({ name, widthMs: widths[name] }))

/** The steps in which rolling goes on, and the stretch that late data makes stale. */
export const unitMs = widths['5m']

export const numericTypes: readonly FieldType[] = ['float', 'integer', 'unsigned']

export const floorTo = (timeMs: number, widthMs: number) => Math.floor(timeMs / widthMs) * widthMs
export const ceilTo = (timeMs: number, widthMs: number) => Math.ceil(timeMs / widthMs) * widthMs
