import { beforeEach, describe, expect, it } from 'vitest'
import type { TagFilter } from '../../model/query.ts'
import { ask, askValues, point, write } from './subject.ts'
import type { Door } from './writing.ts'

/** Each host has a value of its own, so an answer's values say which series it came from. */
const hosts = { 'web-1': 1, 'web-2': 2, db: 3, '': 4, 'Web.3': 5, 'path/to\\x': 6 }

export function testFilters(door: Door): void {
  describe('filters', () => {
    beforeEach(async () => {
      const points = Object.entries(hosts).map(([host, v]) => point('m', host === '' ? { zone: 'eu' } : { host, zone: 'eu' }, { v }, v))
      await write(door.store, ...points)
    })

    const cases: [string, readonly TagFilter[], number[]][] = [
      ['=', [{ tag: 'host', op: '=', value: 'web-1' }], [1]],
      ['= with a value no series has', [{ tag: 'host', op: '=', value: 'web' }], []],
      ['= with slashes and backslashes', [{ tag: 'host', op: '=', value: 'path/to\\x' }], [6]],
      ["= '' finds the series without the tag", [{ tag: 'host', op: '=', value: '' }], [4]],
      ['!= lets the series without the tag through', [{ tag: 'host', op: '!=', value: 'web-1' }], [2, 3, 4, 5, 6]],
      ["!= '' finds the series with the tag", [{ tag: 'host', op: '!=', value: '' }], [1, 2, 3, 5, 6]],
      ['=~ anywhere in the value', [{ tag: 'host', op: '=~', value: 'eb' }], [1, 2, 5]],
      ['=~ with anchors', [{ tag: 'host', op: '=~', value: '^web-[0-9]$' }], [1, 2]],
      ['=~ without regard to case', [{ tag: 'host', op: '=~', value: '(?i)^WEB' }], [1, 2, 5]],
      ['=~ with a slash, escaped or not', [{ tag: 'host', op: '=~', value: 'h/to' }], [6]],
      ['=~ with an escaped slash', [{ tag: 'host', op: '=~', value: 'h\\/to\\\\x' }], [6]],
      ['=~ that matches nothing at all finds the series without the tag', [{ tag: 'host', op: '=~', value: '^$' }], [4]],
      ['=~ that matches everything', [{ tag: 'host', op: '=~', value: '' }], [1, 2, 3, 4, 5, 6]],
      ['!~', [{ tag: 'host', op: '!~', value: 'web' }], [3, 4, 5, 6]],
      ['!~ that matches nothing at all', [{ tag: 'host', op: '!~', value: '^$' }], [1, 2, 3, 5, 6]],
      ['in', [{ tag: 'host', op: 'in', value: ['db', 'web-2', 'nope'] }], [2, 3]],
      ["in with '' finds the series without the tag", [{ tag: 'host', op: 'in', value: ['db', ''] }], [3, 4]],
      ['in nothing', [{ tag: 'host', op: 'in', value: [] }], []],
      ['an unknown tag is empty everywhere: =', [{ tag: 'nope', op: '=', value: 'x' }], []],
      ["an unknown tag is empty everywhere: = ''", [{ tag: 'nope', op: '=', value: '' }], [1, 2, 3, 4, 5, 6]],
      ['an unknown tag is empty everywhere: !=', [{ tag: 'nope', op: '!=', value: 'x' }], [1, 2, 3, 4, 5, 6]],
      ['an unknown tag is empty everywhere: =~', [{ tag: 'nope', op: '=~', value: 'x' }], []],
      ['an unknown tag is empty everywhere: !~', [{ tag: 'nope', op: '!~', value: 'x' }], [1, 2, 3, 4, 5, 6]],
      ['an unknown tag is empty everywhere: in', [{ tag: 'nope', op: 'in', value: ['x', ''] }], [1, 2, 3, 4, 5, 6]],
      [
        'all of several',
        [
          { tag: 'host', op: '=~', value: 'web' },
          { tag: 'host', op: '!=', value: 'web-1' },
          { tag: 'zone', op: '=', value: 'eu' },
          { tag: 'host', op: 'in', value: ['web-1', 'web-2', 'db'] },
        ],
        [2],
      ],
      ['the name of a field is no tag', [{ tag: 'v', op: '=', value: '1' }], []],
    ]

    it.each(cases)('%s', async (_, where, expected) => {
      expect(await askValues(door.store, { where })).toEqual(expected)
      expect(await askValues(door.store, { where, aggregate: 'sum' })).toEqual(
        expected.length > 0 ? [expected.reduce((a, b) => a + b)] : [],
      )
    })

    it.each(['(', '[a', 'a{2', '(?<!x)y', '*', 'x\\', '\\'])('refuse the regular expression %s', async (value) => {
      if (value === 'a{2') return expect(await askValues(door.store, { where: [{ tag: 'host', op: '=~', value }] })).toEqual([])
      const refused = expect.objectContaining({ code: 'QUERY_INVALID', message: expect.stringContaining('regular expression') })
      await expect(ask(door.store, { where: [{ tag: 'host', op: '=~', value }] })).rejects.toEqual(refused)
    })

    it('answer a regular expression made to hang a backtracking engine', async () => {
      await write(door.store, point('m', { host: `${'a'.repeat(5000)}!` }, { v: 7 }, 7))
      expect(await askValues(door.store, { where: [{ tag: 'host', op: '=~', value: '^(a+)+$' }] })).toEqual([])
    })
  })
}
