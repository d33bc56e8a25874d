import { beforeEach, describe, expect, test } from 'vitest'
import { createFakeClock, type FakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import type { SearchStore } from './related-series.ts'
import { createCauseSearch } from './search.ts'

const minute = 60_000
let clock: FakeClock
beforeEach(() => {
  clock = createFakeClock(Date.UTC(2026, 0, 1))
})

const alert = (id: string, parts: Partial<AlertInstance> = {}): AlertInstance => ({
  ...{ id, rule: 'Slow', severity: 'high', labels: { service: 'shop' }, annotations: {}, state: 'firing', value: 9, cause: null },
  ...{ activeSinceMs: clock.now(), firedAtMs: clock.now(), recoveringSinceMs: null, missingSinceMs: null },
  ...parts,
})
const turns = async () => {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A store of as many measurements, each of one series, that answers once it is let. */
function setUp(measurements = 1) {
  const known = new Map<string, AlertInstance>()
  const found: string[] = []
  const asked = new Set<string>()
  let gate = Promise.resolve()
  let atOnce = 0
  let most = 0
  const store: SearchStore = {
    async measurements() {
      most = Math.max(most, ++atOnce)
      await gate
      atOnce--
      return Array.from({ length: measurements }, (_, index) => `m${index}`)
    },
    tags: async () => ['service'],
    fields: async () => [{ name: 'value', type: 'float' }],
    async query(_, { from, to }) {
      asked.add(`${(from - Date.UTC(2026, 0, 1)) / minute} to ${(to - Date.UTC(2026, 0, 1)) / minute}`)
      return answer()
    },
  }
  const answer = () => [
    {
      ...{ name: 'm', labels: { service: 'shop' } },
      fields: [
        { name: 'time', type: 'time' as const, values: [clock.now()] },
        { name: 'value', type: 'number' as const, values: [1] },
      ],
    },
  ]
  const search = createCauseSearch({
    ...{ store, clock, log: silentLog },
    selectorsOf: ({ rule }) => (rule === 'gone' ? undefined : [{ measurement: 'http', field: 'latency', where: [] }]),
    lookup: (id) => known.get(id),
    onFound: ({ id }, { seriesSearched }) => void found.push(`${id} ${seriesSearched}`),
  })
  return {
    ...{ search, found, known, asked, most: () => most },
    fire(...alerts: AlertInstance[]) {
      for (const one of alerts) known.set(one.id, one)
      for (const one of alerts) search.start(one)
    },
    /** Nothing is answered until what it gives back is called. */
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>()
      gate = promise
      return resolve
    },
  }
}

test('an alert is looked at when it fires, and once more three minutes later', async () => {
  const { fire, found } = setUp(20)
  fire(alert('a'))
  await turns()
  expect(found).toEqual(['a 20'])
  await clock.advance(3 * minute)
  await turns()
  expect(found).toEqual(['a 20', 'a 20'])
  await clock.advance(60 * minute)
  await turns()
  expect(found).toHaveLength(2)
})

test('what is read are three hours and twenty minutes before the alert, and what came until now', async () => {
  const { fire, asked } = setUp()
  fire(alert('a', { activeSinceMs: clock.now() - 5 * minute }))
  await turns()
  await clock.advance(3 * minute)
  await turns()
  expect([...asked]).toEqual(['-205 to 0', '-205 to 3'])
})

test('one alert is looked at after the other', async () => {
  const { fire, found, hold, most } = setUp()
  const go = hold()
  fire(alert('a'), alert('b'), alert('c'))
  await turns()
  go()
  await turns()
  expect([found, most()]).toEqual([['a 1', 'b 1', 'c 1'], 1])
  fire(alert('d'))
  await turns()
  expect(found.at(-1)).toBe('d 1')
})

test('of a storm a hundred wait, the others go without', async () => {
  const { fire, found, hold } = setUp()
  const go = hold()
  fire(...Array.from({ length: 150 }, (_, index) => alert(`a${index}`)))
  go()
  for (let count = 0; count < 20; count++) await turns()
  expect(found).toHaveLength(101)
})

describe('nothing is told', () => {
  test('of an alert that is over, or that fires anew, when the answer comes', async () => {
    const { fire, found, known, hold } = setUp()
    const go = hold()
    fire(alert('anew'), alert('same'), alert('over'))
    await turns()
    known.delete('over')
    known.set('anew', alert('anew', { activeSinceMs: clock.now() + minute }))
    go()
    await turns()
    expect(found).toEqual(['same 1'])
  })

  test('of an alert whose rule is gone, and the next one is looked at', async () => {
    const { fire, found, known, hold } = setUp()
    const go = hold()
    fire(alert('a', { rule: 'gone' }), alert('b'), alert('c'), alert('d'))
    known.set('c', alert('c', { rule: 'gone' }))
    go()
    await turns()
    expect(found).toEqual(['b 1', 'd 1'])
  })

  test('after the end of the process', async () => {
    const { fire, found, search, hold } = setUp()
    const go = hold()
    fire(alert('a'), alert('b'))
    await turns()
    search.stop()
    go()
    fire(alert('c'))
    await clock.advance(10 * minute)
    await turns()
    expect(found).toEqual([])
  })

  test('of the half that was read when the process ends', async () => {
    const { fire, found, asked, search } = setUp(20)
    fire(alert('a'))
    await new Promise((resolve) => setImmediate(resolve))
    search.stop()
    await turns()
    expect([asked.size, found]).toEqual([1, []])
  })
})

test('a store that does not answer is waited for ten seconds, and then the next alert has its turn', async () => {
  const { fire, found, hold } = setUp()
  hold()
  fire(alert('a'), alert('b'))
  await turns()
  hold()()
  await clock.advance(9999)
  await turns()
  expect(found).toEqual([])
  await clock.advance(1)
  await turns()
  expect(found).toEqual(['b 1'])
})
