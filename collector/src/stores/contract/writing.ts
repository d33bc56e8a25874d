import { describe, expect, it } from 'vitest'
import type { Store } from '../../model/store.ts'
import { ask, askValues, point, type Subject, type Traits, write } from './subject.ts'
import { unsigned } from './test-batch.ts'

export type Door = { readonly store: Store; readonly subject: Subject }

export function testWriting(door: Door, traits: Traits): void {
  describe('types', () => testTypes(door, traits))
  describe('the last write', () => testLastWrite(door))
  describe('type conflicts', () => testConflicts(door))
}

function testTypes(door: Door, traits: Traits): void {
  it('gives floats back exactly', async () => {
    const values = [0, -1.5, 0.1, 5e-324, 1.7976931348623157e308, 123456789.12345679]
    await write(door.store, ...values.map((v, i) => point('m', {}, { v }, i)))
    expect(await askValues(door.store, {})).toEqual(values)
  })

  it('gives integers back exactly, as text where a double cannot hold them', async () => {
    const values = [0n, -1n, 9007199254740991n, 9223372036854775807n, -9223372036854775808n, 9007199254740993n]
    await write(door.store, ...values.map((v, i) => point('m', {}, { v }, i)))
    expect(await askValues(door.store, {})).toEqual([
      0,
      -1,
      9007199254740991,
      '9223372036854775807',
      '-9223372036854775808',
      '9007199254740993',
    ])
  })

  it('gives unsigned integers back exactly', async () => {
    await write(door.store, point('m', {}, { v: unsigned(0n) }, 0), point('m', {}, { v: unsigned(9223372036854775807n) }, 1))
    expect(await askValues(door.store, {})).toEqual([0, '9223372036854775807'])
  })

  it.skipIf(traits.unsignedBecomesInteger)('holds the largest unsigned integer', async () => {
    await write(door.store, point('m', {}, { v: unsigned(18446744073709551615n) }, 0))
    expect(await askValues(door.store, {})).toEqual(['18446744073709551615'])
  })

  it.runIf(traits.unsignedBecomesInteger)('refuses the line of an unsigned integer it cannot hold', async () => {
    const answer = await write(door.store, point('m', {}, { v: unsigned(1n) }, 0), point('m', {}, { v: unsigned(2n ** 63n) }, 1))
    expect(answer.rejected).toEqual([{ line: 2, reason: expect.stringContaining('9223372036854775808') }])
    expect(await askValues(door.store, {})).toEqual([1])
  })

  it('gives booleans and strings back exactly', async () => {
    const text = 'é 漢字 🙂 "quoted" \\back\\ slash, comma = equals \' new\nline\ttab'
    await write(door.store, point('m', {}, { flag: true, text }, 0), point('m', {}, { flag: false, text: '' }, 1))
    expect(await ask(door.store, { fields: ['flag', 'text'] })).toEqual([
      { labels: {}, seconds: [0, 1], flag: [true, false], text: [text, ''] },
    ])
  })

  it('keeps unicode, spaces, commas, equals signs and quotes in every name', async () => {
    const tags = { 'tag, key=é': 'välue, with = "all" \'of\' it', plain: '漢字 🙂' }
    await write(door.store, point('my measure, ment=1', tags, { 'field, key="x"': 1.5 }, 0))
    const query = { measurement: 'my measure, ment=1', fields: ['field, key="x"'], groupBy: ['tag, key=é', 'plain'] }
    expect(await ask(door.store, query)).toEqual([{ labels: tags, seconds: [0], 'field, key="x"': [1.5] }])
  })

  it('keeps what was written over a restart', async () => {
    if (!door.subject.reopen) return
    await write(door.store, point('m', { host: 'a' }, { v: 1, i: 2n, b: true, s: 'x' }, 0))
    const reopened = await door.subject.reopen()
    await write(reopened, point('m', { host: 'a' }, { v: 3 }, 1))
    expect(await ask(reopened, { fields: ['v', 'i', 'b', 's'], groupBy: ['host'] })).toEqual([
      { labels: { host: 'a' }, seconds: [0, 1], v: [1, 3], i: [2, null], b: [true, null], s: ['x', null] },
    ])
  })
}

function testLastWrite(door: Door): void {
  it('wins within a batch', async () => {
    await write(
      door.store,
      point('m', {}, { v: 1 }, 0),
      point('m', {}, { v: 2 }, 1),
      point('m', {}, { v: 3 }, 0),
      point('m', {}, { v: 4 }, 0),
    )
    expect(await ask(door.store, {})).toEqual([{ labels: {}, seconds: [0, 1], v: [4, 2] }])
    expect(await askValues(door.store, { aggregate: 'count' })).toEqual([2])
  })

  it('wins over earlier batches and leaves other times and series alone', async () => {
    await write(door.store, ...[0, 1, 2, 3].map((at) => point('m', { host: 'a' }, { v: at }, at)), point('m', { host: 'b' }, { v: 7 }, 1))
    await write(door.store, point('m', { host: 'a' }, { v: 10 }, 1))
    await write(door.store, point('m', { host: 'a' }, { v: 11 }, 1), point('m', { host: 'a' }, { v: 12 }, 3))
    expect(await ask(door.store, { groupBy: ['host'] })).toEqual([
      { labels: { host: 'a' }, seconds: [0, 1, 2, 3], v: [0, 11, 2, 12] },
      { labels: { host: 'b' }, seconds: [1], v: [7] },
    ])
    expect(await askValues(door.store, { aggregate: 'count' })).toEqual([5])
  })

  it('wins for every type', async () => {
    await write(door.store, point('m', {}, { f: 1, i: 1n, u: unsigned(1n), b: true, s: 'one' }, 0))
    await write(door.store, point('m', {}, { f: 2, i: 2n, u: unsigned(2n), b: false, s: 'two' }, 0))
    expect(await ask(door.store, { fields: ['f', 'i', 'u', 'b', 's'] })).toEqual([
      { labels: {}, seconds: [0], f: [2], i: [2], u: [2], b: [false], s: ['two'] },
    ])
  })

  it('wins over what was written before a restart', async () => {
    if (!door.subject.reopen) return
    await write(door.store, point('m', {}, { v: 1 }, 0), point('m', {}, { v: 2 }, 1))
    const reopened = await door.subject.reopen()
    await write(reopened, point('m', {}, { v: 3 }, 0), point('m', {}, { v: 4 }, 2))
    await write(reopened, point('m', {}, { v: 5 }, 1))
    expect(await askValues(reopened, {})).toEqual([3, 5, 4])
  })

  it('merges the fields of a point that is written in parts', async () => {
    await write(door.store, point('m', {}, { a: 1, b: 2 }, 0))
    await write(door.store, point('m', {}, { b: 3, c: 4 }, 0))
    expect(await ask(door.store, { fields: ['a', 'b', 'c'] })).toEqual([{ labels: {}, seconds: [0], a: [1], b: [3], c: [4] }])
  })

  it('puts late points in their place', async () => {
    for (const at of [5, 1, 3, 0, 4, 2]) await write(door.store, point('m', {}, { v: at }, at))
    expect(await askValues(door.store, {})).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('takes a batch of thousands of points, in any order', async () => {
    const order = Array.from({ length: 5000 }, (_, i) => (i * 3769) % 5000)
    await write(door.store, ...order.map((at) => point('m', { host: String(at % 7) }, { v: at }, at / 10)))
    expect(await askValues(door.store, { aggregate: 'count' })).toEqual([5000])
    expect(await askValues(door.store, { aggregate: 'sum' })).toEqual([(4999 * 5000) / 2])
    expect(await askValues(door.store, {})).toEqual(Array.from({ length: 5000 }, (_, i) => i))
  })
}

function testConflicts(door: Door): void {
  const reason = 'field type conflict: input field "v" on measurement "m" is type integer, already exists as type float'

  it('keeps the good lines, and nothing of a line whose field has another type', async () => {
    await write(door.store, point('m', {}, { v: 1 }, 0))
    const answer = await write(
      door.store,
      point('m', {}, { v: 2, w: 1 }, 1),
      point('m', {}, { v: 3n, w: 2, fresh: 1 }, 2),
      point('m', { host: 'new' }, { v: 3n }, 2),
      point('m', {}, { v: 4, w: 3 }, 3),
    )
    expect(answer.rejected).toEqual([
      { line: 2, reason },
      { line: 3, reason },
    ])
    expect(await ask(door.store, { fields: ['v', 'w'] })).toEqual([{ labels: {}, seconds: [0, 1, 3], v: [1, 2, 4], w: [null, 1, 3] }])
    expect((await door.store.fields('m')).map(({ name }) => name)).toEqual(['v', 'w'])
  })

  it('lets the first line of a batch decide the type of a new field', async () => {
    const answer = await write(
      door.store,
      point('m', { a: 'x' }, { v: 1 }, 0),
      point('m', { a: 'y' }, { v: 2n }, 1),
      point('m', {}, { v: 3 }, 2),
    )
    expect(answer.rejected).toEqual([{ line: 2, reason }])
    expect(await askValues(door.store, {})).toEqual([1, 3])
  })

  it('refuses the conflicting line again and again', async () => {
    await write(door.store, point('m', {}, { v: 1 }, 0))
    for (const at of [1, 2]) {
      expect((await write(door.store, point('m', {}, { v: 2n }, at))).rejected).toEqual([{ line: 1, reason }])
    }
    expect(await askValues(door.store, {})).toEqual([1])
  })

  it('names several conflicts of one batch', async () => {
    await write(door.store, point('m', {}, { v: 1, s: 'text', b: true }, 0))
    const answer = await write(door.store, point('m', {}, { s: 1 }, 1), point('m', {}, { b: 'yes' }, 2), point('m', {}, { v: 2 }, 3))
    expect(answer.rejected).toEqual([
      { line: 1, reason: 'field type conflict: input field "s" on measurement "m" is type float, already exists as type string' },
      { line: 2, reason: 'field type conflict: input field "b" on measurement "m" is type string, already exists as type boolean' },
    ])
    expect(await askValues(door.store, {})).toEqual([1, 2])
  })

  it('lets fields of the same name have another type in another measurement', async () => {
    const answer = await write(door.store, point('m', {}, { v: 1 }, 0), point('other', {}, { v: 2n }, 0))
    expect(answer.rejected).toEqual([])
    expect(await askValues(door.store, { measurement: 'other' })).toEqual([2])
  })
}
