import { beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../lib/errors.ts'
import type { MetricsQuery } from '../../model/query.ts'
import { hostile } from './hostile-names.ts'
import { ask, point, write } from './subject.ts'
import type { Door } from './writing.ts'

/** Every place of a query where a user's text stands. */
const places: Readonly<Record<string, (text: string) => Partial<MetricsQuery>>> = {
  measurement: (text) => ({ measurement: text }),
  field: (text) => ({ fields: [text] }),
  'field beside another': (text) => ({ fields: ['v', text] }),
  'field of an aggregate': (text) => ({ fields: [text], aggregate: 'mean', everyMs: 60_000 }),
  'tag of =': (text) => ({ where: [{ tag: text, op: '=', value: 'a' }] }),
  'tag of !=': (text) => ({ where: [{ tag: text, op: '!=', value: 'a' }] }),
  'tag of =~': (text) => ({ where: [{ tag: text, op: '=~', value: 'a' }] }),
  'tag of in': (text) => ({ where: [{ tag: text, op: 'in', value: ['a'] }] }),
  'value of =': (text) => ({ where: [{ tag: 'host', op: '=', value: text }] }),
  'value of !=': (text) => ({ where: [{ tag: 'host', op: '!=', value: text }] }),
  'value of in': (text) => ({ where: [{ tag: 'host', op: 'in', value: [text, `${text}x`] }] }),
  'regular expression': (text) => ({ where: [{ tag: 'host', op: '=~', value: text }] }),
  'regular expression of !~': (text) => ({ where: [{ tag: 'host', op: '!~', value: text }] }),
  'group by': (text) => ({ groupBy: [text] }),
}

const all = [
  { labels: { host: 'a' }, seconds: [0], v: [1] },
  { labels: { host: 'b' }, seconds: [1], v: [2] },
]

/** Hostile text in a query is refused or taken literally, and harms nothing. */
export function testHostileQueries(door: Door): void {
  describe('hostile text in a query', () => {
    beforeEach(async () => {
      await write(door.store, point('m', { host: 'a' }, { v: 1 }, 0), point('m', { host: 'b' }, { v: 2 }, 1))
    })

    it.each(Object.entries(places))('as %s is refused or taken literally', async (place, toPlace) => {
      for (const text of hostile) {
        const answer = await ask(door.store, toPlace(text)).catch((thrown) => thrown)
        if (answer instanceof Error) expect(answer, `${place}: ${text}`).toMatchObject({ name: AppError.name, code: 'QUERY_INVALID' })
        else expect(answer, `${place}: ${text}`).toEqual(expectedAnswer(place, text))
      }
      expect(await ask(door.store, { groupBy: ['host'] })).toEqual(all)
      expect(await door.store.measurements()).toEqual(['m'])
    })

    it('in the catalogue is refused or taken literally', async () => {
      for (const text of hostile) {
        for (const look of [
          () => door.store.fields(text),
          () => door.store.tags(text),
          () => door.store.tagValues(text, 'host'),
          () => door.store.tagValues('m', text),
          () => door.store.tagValues('m', 'host', [{ tag: text, op: '=', value: 'a' }]),
          () => door.store.tagValues('m', 'host', [{ tag: 'host', op: '=', value: text }]),
        ]) {
          const answer = await look().catch((thrown) => thrown)
          if (answer instanceof Error) expect(answer, text).toMatchObject({ code: 'QUERY_INVALID' })
          else expect(answer, text).toEqual([])
        }
      }
      expect(await ask(door.store, { groupBy: ['host'] })).toEqual(all)
    })
  })
}

/** None of the hostile names exists in the data, so what a literal reading gives is plain. */
function expectedAnswer(place: string, text: string): unknown {
  const merged = { labels: {}, seconds: [0, 1], v: [1, 2] }
  if (place === 'field beside another') return [{ ...merged, [text]: [null, null] }]
  if (place === 'tag of !=' || place === 'value of !=') return [merged]
  if (place === 'group by') return [{ ...merged, labels: { [text]: '' } }]
  if (place === 'regular expression') return text === '.*' ? [merged] : []
  if (place === 'regular expression of !~') return text === '.*' ? [] : [merged]
  return []
}
