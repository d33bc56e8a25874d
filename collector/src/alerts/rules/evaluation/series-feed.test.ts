import { expect, test } from 'vitest'
import { createFakeClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import { type RuleInput, ruleSchema } from '../definition/rule-schema.ts'
import type { Samples, TrackedSeries } from '../samples/samples.ts'
import { createRoster } from './roster.ts'

type One = TrackedSeries & { readonly times: number[]; readonly values: number[] }

/** Many series that one rule looks at, of which it is counted how often they are read. */
function setup(count: number, changes: Partial<RuleInput> = {}) {
  const clock = createFakeClock()
  let reads = 0
  const series = Array.from({ length: count }, (_, index): One => {
    const [times, values] = [[clock.now()], [50]]
    return {
      ...{ tags: { host: `h${index}` }, field: 'value', times, values, isGone: () => false },
      between(fromMs, toMs) {
        // Whether something lies ahead is asked beside each reading.
        if (Number.isFinite(toMs)) reads++
        const start = times.filter((timeMs) => timeMs < fromMs).length
        return { ...this, start, end: Math.max(start, times.filter((timeMs) => timeMs <= toMs).length) }
      },
    }
  })
  let fresh = new Set<One>(series)
  let onFresh = () => {}
  const samples: Samples = {
    watch(_selector, _keepMs, listener) {
      onFresh = listener
      return {
        takeFresh() {
          const taken = fresh
          fresh = new Set()
          return taken
        },
        expect: () => {},
        unwantedText: () => undefined,
        seed: () => {},
        close: () => {},
      }
    },
  }
  const states: string[] = []
  const publish = (transitions: readonly { to: string }[]) => {
    states.push(...transitions.map(({ to }) => to))
    return []
  }
  const roster = createRoster({ samples, lastChange: () => undefined, clock, log: silentLog, publish })
  const rule = { name: 'Hot', source: { measurement: 'load', field: 'value' }, condition: { above: 90 }, limit: 100_000, ...changes }
  roster.fill([ruleSchema.parse(rule)], [])
  for (const runner of roster.runners()) {
    runner.seed(0, [], Number.NEGATIVE_INFINITY)
    runner.start()
  }
  return {
    states,
    /** How many series were read meanwhile. */
    async readsWhile(work: () => void, passedMs = 0): Promise<number> {
      reads = 0
      work()
      await clock.advance(passedMs)
      return reads
    },
    push(index: number, value: number): void {
      const one = series[index] as One
      one.times.push(clock.now())
      one.values.push(value)
      fresh.add(one)
      onFresh()
    },
  }
}

test('reads one label set when one of ten thousand series moves', async () => {
  const { push, readsWhile, states } = setup(10_000)
  expect(await readsWhile(() => push(1234, 60))).toBe(1)
  expect(await readsWhile(() => push(1234, 95))).toBe(1)
  expect(states).toEqual(['firing'])
})

test('reads a label set once for all the samples that came before its turn', async () => {
  const { push, readsWhile } = setup(10)
  const work = () => {
    for (let count = 0; count < 5; count++) push(3, 60 + count)
  }
  expect(await readsWhile(work)).toBe(1)
})

test('reads nothing by the clock while calm last values are in their windows', async () => {
  const { readsWhile, states } = setup(1000, { window: '5m', no_data_after: 1 })
  const nothing = () => {}
  expect(await readsWhile(nothing, 300_000)).toBe(0)
  expect(await readsWhile(nothing, 10_000)).toBe(1000)
  expect(new Set(states)).toEqual(new Set(['no_data']))
})

test('reads by the clock only the label sets that are on their way to an alert', async () => {
  const { push, readsWhile, states } = setup(1000, { for: '30s' })
  expect(await readsWhile(() => push(7, 95))).toBe(1)
  expect(await readsWhile(() => {}, 30_000)).toBe(3)
  expect(states).toEqual(['pending', 'firing'])
})

test('looks at a sum by the clock when no sample came for a while, for it changes as samples leave', async () => {
  const { readsWhile } = setup(5, { aggregate: 'sum' })
  expect(await readsWhile(() => {}, 30_000)).toBe(15)
})
