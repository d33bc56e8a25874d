import { describe, expect, it } from 'vitest'
import type { ProbeResult } from '../model/health.ts'
import { type Judgement, judge, unjudged } from './judge.ts'

const results: Record<string, ProbeResult> = {
  u: { ok: true, latencyMs: 1, message: 'answered 200' },
  g: { ok: true, degraded: true, latencyMs: 900, message: 'answered 200, slowly' },
  d: { ok: false, latencyMs: null, message: 'connection refused' },
  D: { ok: false, certain: true, latencyMs: null, message: 'no heartbeat' },
  U: { ok: true, certain: true, latencyMs: null, message: 'says it is up' },
}

/** The states a component goes through, one letter for each result: u(p), (de)g(raded), d(own), upper case is certain. */
function statesAfter(letters: string, thresholds = { failureThreshold: 3, successThreshold: 2 }): string[] {
  let judgement: Judgement = unjudged
  return [...letters].map((letter) => {
    judgement = judge(judgement, results[letter] as ProbeResult, thresholds)
    return judgement.state
  })
}

describe('the state of a component', () => {
  it('is decided by the first result at once', () => {
    expect([statesAfter('u'), statesAfter('g'), statesAfter('d')]).toEqual([['up'], ['degraded'], ['down']])
  })

  it('gets worse only with the third bad result in a row', () => {
    expect(statesAfter('uddd')).toEqual(['up', 'up', 'up', 'down'])
  })

  it('stays up when a good result comes between the bad ones', () => {
    expect(statesAfter('udduddu').at(-1)).toBe('up')
  })

  it('gets better with the second good result in a row', () => {
    expect(statesAfter('duduu')).toEqual(['down', 'down', 'down', 'down', 'up'])
  })

  it('takes the better one of mixed bad results', () => {
    expect(statesAfter('udgd')).toEqual(['up', 'up', 'up', 'degraded'])
  })

  it('goes on from degraded to down when three results in a row said down, whenever they began', () => {
    expect(statesAfter('ugddd')).toEqual(['up', 'up', 'up', 'degraded', 'down'])
  })

  it('rises from down to degraded when answers are back but slow', () => {
    expect(statesAfter('dgg')).toEqual(['down', 'down', 'degraded'])
  })

  it('rises from degraded to up', () => {
    expect(statesAfter('guu')).toEqual(['degraded', 'degraded', 'up'])
  })

  it('follows a certain result at once', () => {
    expect(statesAfter('uDU')).toEqual(['up', 'down', 'up'])
  })

  it('follows every result when both thresholds are one', () => {
    expect(statesAfter('udgu', { failureThreshold: 1, successThreshold: 1 })).toEqual(['up', 'down', 'degraded', 'up'])
  })
})
