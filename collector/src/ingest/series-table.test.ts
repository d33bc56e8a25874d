import { describe, expect, it } from 'vitest'
import { scanText, takePoints } from './read-batch.ts'
import { createSeriesTable, fieldOf } from './series-table.ts'

describe('a series', () => {
  it('is the same with its tags in another order', () => {
    const table = createSeriesTable()
    scanText('cpu,host=a,core=0 v=1 1\ncpu,core=0,host=a v=2 2\n', {}, table)
    expect(table.series).toEqual([{ id: 0, measurement: 'cpu', tags: { core: '0', host: 'a' }, key: 'cpu,core=0,host=a' }])
    expect(Object.keys(table.series[0]?.tags ?? {})).toEqual(['core', 'host'])
  })

  it('is the same as line protocol and as a point', () => {
    const table = createSeriesTable()
    scanText('a\\ b,k\\=1=x\\,y v\\ w=1 1', {}, table)
    takePoints([{ measurement: 'a b', tags: { 'k=1': 'x,y' }, fields: { 'v w': 2 } }], table)
    expect(table.series).toHaveLength(1)
    expect(table.fields.fields.map(({ name }) => name)).toEqual(['v w'])
  })

  it('differs by measurement, by each tag and by its value', () => {
    const table = createSeriesTable()
    scanText('a v=1 1\nb v=1 1\na,t=1 v=1 1\na,t=2 v=1 1\na,u=1 v=1 1\n', {}, table)
    expect(table.series.map(({ key }) => key)).toEqual(['a', 'b', 'a,t=1', 'a,t=2', 'a,u=1'])
  })

  it('is not taken for the one that came next last time and begins alike', () => {
    const { points } = scanText('m,t=1 v=1 1\nm,t=2 v=1 2\nm,t=1 v=1 3\nm,t=23 v=1 4\nm,t=1 v=1 5\nm,t=2\\ 3 v=1 6\n')
    expect(points.map(({ tags }) => tags.t)).toEqual(['1', '2', '1', '23', '1', '2 3'])
  })

  it('keeps its number when spellings are forgotten', () => {
    const table = createSeriesTable({ seriesMax: 1 })
    const orders = ['a,x=1,y=2,z=3', 'a,x=1,z=3,y=2', 'a,y=2,x=1,z=3', 'a,y=2,z=3,x=1', 'a,z=3,x=1,y=2', 'a,z=3,y=2,x=1']
    const { points, rejected } = scanText([...orders, ...orders].map((key) => `${key} v=1 1`).join('\n'), {}, table)
    expect([points.length, rejected]).toEqual([12, []])
    expect(table.series).toHaveLength(1)
    expect(table.spellings.count).toBeLessThanOrEqual(4)
  })
})

describe('a series field', () => {
  it('is told apart by its type', () => {
    const table = createSeriesTable()
    scanText('m f=1 1\nm f=1i 2\nm f=1u 3\nm f=t 4\nm f="1" 5\nm f=2 6\n', {}, table)
    expect(table.fields.fields.map(({ id, type }) => [id, type])).toEqual([
      [0, 'float'],
      [1, 'integer'],
      [2, 'unsigned'],
      [3, 'boolean'],
      [4, 'string'],
    ])
  })

  it('is found again when fields come in another order, are left out or are new', () => {
    const table = createSeriesTable()
    const { points } = scanText('m a=1,b=2,c=3 1\nm c=6,a=4 2\nm b=8,a=7,d=9 3\nm a=1,b=2,c=3 4\n', {}, table)
    expect(points.map(({ fields }) => fields.map(({ name, value }) => `${name}${value}`).join(''))).toEqual([
      'a1b2c3',
      'c6a4',
      'b8a7d9',
      'a1b2c3',
    ])
    expect(table.fields.fields.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('is not taken for another that begins alike', () => {
    const { points } = scanText('m usage=1 1\nm usage_user=2 2\nm usage=3 3\nm u=4 4\n')
    expect(points.map(({ fields }) => fields[0]?.name)).toEqual(['usage', 'usage_user', 'usage', 'u'])
  })

  it('has an id of this table', () => {
    expect(() => fieldOf(createSeriesTable(), 3)).toThrow('no series field has the id 3')
  })
})

describe('the limit of series', () => {
  const table = createSeriesTable({ seriesMax: 3 })
  const { points, rejected } = scanText('a,id=1,t=x v=1\na,id=2,t=x v=1\nb v=1\na,id=3,t=x v=1\na,id=1,t=x v=2\nc v=1\n', {}, table)

  it('refuses only what is new', () => {
    expect(points.map(({ line }) => line)).toEqual([1, 2, 3, 5])
  })

  it('names the measurement and the tag that fills it', () => {
    expect(rejected).toEqual([
      {
        line: 4,
        reason:
          'the limit of 3 series is reached; measurement "a" has 2 of them, and its tag "id" 2 values. Leave that tag out or raise limits.seriesMax.',
      },
      {
        line: 6,
        reason:
          'the limit of 3 series is reached; measurement "c" has 0 of them, and most are of "a". Send fewer of those or raise limits.seriesMax.',
      },
    ])
  })

  it('names the application that sends the most of them, where one says who it is', () => {
    const full = createSeriesTable({ seriesMax: 3 })
    const lines = ['o,service=till,user=1 v=1', 'o,service=shop,user=1 v=1', 'o,service=shop,user=2 v=1', 'o,service=shop,user=3 v=1']
    expect(scanText(lines.join('\n'), {}, full).rejected[0]?.reason).toContain(
      'measurement "o" has 3 of them (2 with service="shop"), and its tag "user" 2 values',
    )
  })
})
