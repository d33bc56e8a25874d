import type { DeploymentGate, DeploymentStatus, DeploymentStep } from '../../../../collector/src/contract/deployments.ts'
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

const gateLooks: Readonly<Record<NonNullable<DeploymentGate['answer']>, Look>> = {
  pass: { word: 'Passed', tone: 'good', glyph: 'check' },
  fail: { word: 'Failed', tone: 'bad', glyph: 'cross' },
  error: { word: 'Not judged', tone: 'warning', glyph: 'dash' },
}

/** What passes in spite of its verdict must not look as if it were fine. */
export function toGateLook({ answer, verdict, overriddenBy }: DeploymentGate): Look {
  if (answer === null) return { word: 'Watching', tone: 'info', glyph: 'play' }
  if (overriddenBy !== null) return { ...gateLooks.error, word: 'Overridden' }
  return answer === 'pass' && verdict !== 'pass' ? { ...gateLooks.error, word: 'Let by' } : (gateLooks[answer] ?? gateLooks.error)
}

export function toStatus(value: string): DeploymentStatus {
  return value in statusLooks ? (value as DeploymentStatus) : 'running'
}
