import type { ComponentState, OverallStatus } from '../../../../collector/src/contract/health.ts'
import type { GlyphName } from '../../ui/Glyph.tsx'
import type { Tone } from '../../ui/tone.ts'

export type StateLook = { word: string; tone: Tone; glyph: GlyphName /** The higher, the worse. */; rank: number }

export const stateLooks: Readonly<Record<ComponentState, StateLook>> = {
  down: { word: 'Down', tone: 'bad', glyph: 'cross', rank: 4 },
  degraded: { word: 'Degraded', tone: 'warning', glyph: 'alert', rank: 3 },
  unknown: { word: 'Unknown', tone: 'quiet', glyph: 'question', rank: 2 },
  maintenance: { word: 'Maintenance', tone: 'info', glyph: 'wrench', rank: 1 },
  up: { word: 'Up', tone: 'good', glyph: 'check', rank: 0 },
}

/** From worst to best. */
export const statesByRank = (Object.keys(stateLooks) as ComponentState[]).sort(
  (left, right) => stateLooks[right].rank - stateLooks[left].rank,
)

export const overallLooks: Readonly<Record<OverallStatus, Omit<StateLook, 'rank'>>> = {
  HEALTHY: { word: 'Healthy', tone: 'good', glyph: 'check' },
  DEGRADED: { word: 'Degraded', tone: 'warning', glyph: 'alert' },
  CRITICAL: { word: 'Critical', tone: 'bad', glyph: 'cross' },
}

const numbered: readonly ComponentState[] = ['up', 'degraded', 'down', 'maintenance', 'unknown']

/** A state from its name, or from the number the store keeps for it. */
export function toState(value: string): ComponentState {
  if (value in stateLooks) return value as ComponentState
  return numbered[Number(value === '' ? Number.NaN : value)] ?? 'unknown'
}
