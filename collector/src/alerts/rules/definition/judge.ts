import { type Condition, holds } from './condition.ts'
import type { Reading } from './rule.ts'

export const missing: Reading = Object.freeze({ verdict: 'missing', value: null })
export const inconclusive: Reading = Object.freeze({ verdict: 'inconclusive', value: null })

/** Nothing can be said of so many samples. */
export const inconclusiveOf = (samples: number): Reading => ({ verdict: 'inconclusive', value: null, samples })

type Judged = {
  readonly condition: Condition
  readonly isFiring: boolean
  readonly isWindowKnown: boolean
  /** A sum or a count is too small while the window is only partly known. */
  readonly growsWithWindow?: boolean
  readonly samples: number
  readonly facts?: Reading['facts']
}

/**
 * Judges a value. While the window is not yet wholly known (after a start without stored samples),
 * nothing is called over, and what grows with the window is not judged at all.
 */
export function judge(value: number | null, { condition, isFiring, isWindowKnown, growsWithWindow, samples, facts }: Judged): Reading {
  if (value === null || Number.isNaN(value)) return inconclusiveOf(samples)
  const isHolding = holds(condition, value, isFiring)
  const shown = { value: Number.isFinite(value) ? value : null, samples, ...(facts && { facts }) }
  if (isWindowKnown) return { verdict: isHolding ? 'true' : 'false', ...shown }
  return { verdict: isHolding && !growsWithWindow ? 'true' : 'inconclusive', ...shown }
}
