import type { DeploymentStatus, DeploymentStep } from '../../../../collector/src/contract/deployments.ts'
import type { GlyphName } from '../../ui/Glyph.tsx'
import type { Tone } from '../../ui/tone.ts'

export type Look = { word: string; tone: Tone; glyph: GlyphName }

export const statusLooks: Readonly<Record<DeploymentStatus, Look>> = {
  running: { word: 'Running', tone: 'info', glyph: 'play' },
  succeeded: { word: 'Succeeded', tone: 'good', glyph: 'check' },
  failed: { word: 'Failed', tone: 'bad', glyph: 'cross' },
  rolled_back: { word: 'Rolled back', tone: 'warning', glyph: 'undo' },
  cancelled: { word: 'Cancelled', tone: 'quiet', glyph: 'dash' },
}

export const stepLooks: Readonly<Record<DeploymentStep['status'], Look>> = {
  running: { word: 'Running', tone: 'info', glyph: 'play' },
  succeeded: { word: 'Succeeded', tone: 'good', glyph: 'check' },
  failed: { word: 'Failed', tone: 'bad', glyph: 'cross' },
  skipped: { word: 'Skipped', tone: 'quiet', glyph: 'skip' },
}

export function toStatus(value: string): DeploymentStatus {
  return value in statusLooks ? (value as DeploymentStatus) : 'running'
}
