import { describe, expect, it } from 'vitest'
import { ask, point, type Traits, write } from './subject.ts'
import type { Door } from './writing.ts'

/** Text that breaks a query when it is pasted into one. All of it may be a name or a value. */
export const hostile = [
  "'",
  '"',
  "''",
  '\\',
  "\\'",
  '\\"',
  '`',
  '/',
  '\\/',
  "x' OR 'a'='a",
  'x" OR "a"=\'a',
  '"; DROP MEASUREMENT "m"; SELECT "v" FROM "m',
  "'; DROP TABLE floats; --",
  'm"; DELETE FROM "m',
  '-- comment',
  '/* comment */',
  '$1',
  '$v0',
  '$from',
  '%s %d {0} ${',
  '/.*/',
  '.*',
  '*',
  'm, "m"',
  'new\nline',
  '\r\n',
  'nul\0byte',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'time',
  '漢字',
  'ünïcode " OR 1=1',
]

/** Hostile text that is really in the data is found as what it is. */
export function testHostileNames(door: Door, { cannotHold = () => false }: Traits): void {
  const held = hostile.filter((name) => name !== 'time' && !cannotHold(name))

  describe('hostile names in the data', () => {
    it.each(held)('%j as measurement, tag, tag value and field', async (name) => {
      await write(door.store, point(name, { [name]: name, plain: 'p' }, { [name]: 1, s: name }, 0), point('m', { plain: 'p' }, { v: 1 }, 0))
      await write(door.store, point(name, { [name]: `${name}${name}.` }, { [name]: 2, s: 'other' }, 1))
      const found = { labels: { [name]: name }, seconds: [0], [name]: [1], s: [name] }
      const query = { measurement: name, fields: [name, 's'], groupBy: [name] }
      expect(await ask(door.store, { ...query, where: [{ tag: name, op: '=', value: name }] })).toEqual([found])
      expect(await ask(door.store, { ...query, where: [{ tag: name, op: 'in', value: [name, 'x'] }] })).toEqual([found])
      expect(await ask(door.store, { ...query, where: [{ tag: name, op: '!=', value: `${name}${name}.` }] })).toEqual([found])
      expect(await ask(door.store, { ...query, aggregate: 'last', where: [{ tag: 'plain', op: '=', value: 'p' }] })).toEqual([found])
      expect(await ask(door.store, { ...query, where: [{ tag: name, op: '=~', value: toLiteralPattern(name) }] })).toEqual([found])
      expect(await door.store.measurements()).toEqual([name, 'm'].sort())
      expect((await door.store.fields(name)).map((field) => field.name)).toEqual([name, 's'].sort())
      expect(await door.store.tags(name)).toEqual([name, 'plain'].sort())
      expect(await door.store.tagValues(name, name, [{ tag: 'plain', op: '=', value: 'p' }])).toEqual([name])
    })
  })
}

/** A regular expression that matches the whole text and nothing else. */
function toLiteralPattern(text: string): string {
  const escaped = [...text].map((letter) => (/[\p{L}\p{N}_]/u.test(letter) ? letter : `\\x{${letter.codePointAt(0)?.toString(16)}}`))
  return `^${escaped.join('')}$`
}
