import { describe, expect, it } from 'vitest'
import type { Probe } from '../model/health.ts'

/** A probe and what it looks at; `dispose` takes both down. */
export type Subject = { readonly probe: Probe; readonly dispose?: () => Promise<void> }

export type Subjects = {
  /** Looks at something that is fine. */
  readonly healthy: () => Promise<Subject>
  /** Looks at something that is broken. */
  readonly broken: () => Promise<Subject>
  /** Looks at something that never answers; left out by probes that never wait. */
  readonly silent?: () => Promise<Subject>
}

/** What every probe must do, whatever it looks at. */
export function testProbe(name: string, { healthy, broken, silent }: Subjects): void {
  const using = async (create: () => Promise<Subject>, body: (probe: Probe) => Promise<void>) => {
    const { probe, dispose } = await create()
    try {
      await body(probe)
    } finally {
      await dispose?.()
    }
  }

  describe(`probe ${name}`, () => {
    it('is green on what is fine, and says so in a sentence', () =>
      using(healthy, async (probe) => {
        const result = await probe.check(new AbortController().signal)
        expect(result).toMatchObject({ ok: true, message: expect.stringMatching(sentence) })
        expect(result?.latencyMs ?? 0).toBeGreaterThanOrEqual(0)
      }))

    it('is red on what is broken, without throwing, and says why in a sentence', () =>
      using(broken, async (probe) => {
        expect(await probe.check(new AbortController().signal)).toMatchObject({ ok: false, message: expect.stringMatching(sentence) })
      }))

    it('finds the same when asked twice', () =>
      using(healthy, async (probe) => {
        await probe.check(new AbortController().signal)
        expect(await probe.check(new AbortController().signal)).toMatchObject({ ok: true })
      }))

    if (!silent) return

    it('gives up when its signal is aborted, and passes the reason on', () =>
      using(silent, async (probe) => {
        const controller = new AbortController()
        const checking = probe.check(controller.signal)
        controller.abort(new Error('no answer within 2s'))
        expect(await checking).toEqual({ ok: false, latencyMs: null, message: 'no answer within 2s' })
      }))

    it('does not begin when its signal is aborted already', () =>
      using(silent, async (probe) => {
        const result = await probe.check(AbortSignal.abort(new Error('no answer within 2s')))
        expect(result).toMatchObject({ ok: false, message: 'no answer within 2s' })
      }))
  })
}

/** One line for people: neither empty nor a stack, nor an object that nobody spelled out. */
const sentence = /^(?!.*(?:undefined|\[object|Error:)).{3,300}$/
