import type { AlertState, Severity } from '../../../../collector/src/contract/alerts.ts'
import type { GlyphName } from '../../ui/Glyph.tsx'
import type { FineTone } from '../../ui/tone.ts'

export type Look = { word: string; tone: FineTone; glyph: GlyphName /** The higher, the more urgent. */; rank: number }

export const severityLooks: Readonly<Record<Severity, Look>> = {
  critical: { word: 'Critical', tone: 'bad', glyph: 'fire', rank: 3 },
  high: { word: 'High', tone: 'serious', glyph: 'raise', rank: 2 },
  warning: { word: 'Warning', tone: 'warning', glyph: 'alert', rank: 1 },
  info: { word: 'Info', tone: 'info', glyph: 'info', rank: 0 },
}

/** A state has a colour only when it says more than that the alert holds: how bad that is, the severity says. */
export const stateLooks: Readonly<Record<AlertState, Look>> = {
  firing: { word: 'Firing', tone: 'quiet', glyph: 'bell', rank: 5 },
  error: { word: 'Cannot evaluate', tone: 'warning', glyph: 'question', rank: 4 },
  no_data: { word: 'No data', tone: 'warning', glyph: 'dash', rank: 3 },
  recovering: { word: 'Recovering', tone: 'info', glyph: 'undo', rank: 2 },
  pending: { word: 'Pending', tone: 'quiet', glyph: 'clock', rank: 1 },
  resolved: { word: 'Resolved', tone: 'good', glyph: 'check', rank: 0 },
}

export const severitiesByRank = (Object.keys(severityLooks) as Severity[]).sort(
  (left, right) => severityLooks[right].rank - severityLooks[left].rank,
)
export const statesByRank = (Object.keys(stateLooks) as AlertState[]).sort((left, right) => stateLooks[right].rank - stateLooks[left].rank)

export function toSeverity(value: string): Severity {
  return value in severityLooks ? (value as Severity) : 'warning'
}

export function toState(value: string): AlertState {
  return value in stateLooks ? (value as AlertState) : 'firing'
}
