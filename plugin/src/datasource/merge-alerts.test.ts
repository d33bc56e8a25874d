import { describe, expect, it } from 'vitest'
import type { Frame } from '../../../collector/src/contract/query.ts'
import { mergeAnswers, toChangedQueries, toEarlier } from './merge-alerts.ts'

const list = (...ids: string[]): Frame => ({ name: 'alerts', labels: {}, fields: [{ name: 'id', type: 'string', values: ids }] })
const query = { refId: 'A', kind: 'alerts' as const, view: 'active' as const, limit: 3 }
const earlier = new Map([['A', list('a', 'b')]])
const idsAsked = (changed: Parameters<typeof toChangedQueries>[1]) =>
  toChangedQueries([query], changed, earlier).map((asked) => ('ids' in asked ? asked.ids : 'all'))

describe('toChangedQueries', () => {
  it('asks for the alerts that changed, for none when something else did, and for all when that is not known', () => {
    expect(idsAsked(new Map([['alerts', new Set(['b'])]]))).toEqual([['b']])
    expect(idsAsked(new Map([['deployments', 'any']]))).toEqual([[]])
    expect(idsAsked(new Map([['alerts', 'any']]))).toEqual(['all'])
    expect(idsAsked(new Map())).toEqual(['all'])
  })

  it('asks for all when very many changed, or when nothing whole was answered before', () => {
    expect(idsAsked(new Map([['alerts', new Set(Array.from({ length: 201 }, (_none, index) => `a${index}`))]]))).toEqual(['all'])
    expect(toChangedQueries([query], new Map([['alerts', new Set(['b'])]]), new Map())).toEqual([query])
  })
})

describe('mergeAnswers', () => {
  const asked = [{ ...query, ids: ['b', 'n'] }]

  it('puts the changed ones first and leaves out those that ended', () => {
    const { results } = mergeAnswers(asked, { results: { A: { frames: [list('n')] } } }, earlier)
    expect(results.A?.frames).toEqual([list('n', 'a')])
  })

  it('hands on an answer that failed', () => {
    const failed = { results: { A: { error: { code: 'X', message: 'no' } } } }
    expect(mergeAnswers(asked, failed, earlier)).toEqual(failed)
    expect(toEarlier([query], failed).size).toBe(0)
  })
})

it('keeps lists that are whole, for changes to be put into', () => {
  expect([...toEarlier([query], { results: { A: { frames: [list('a', 'b')] } } }).keys()]).toEqual(['A'])
  expect(toEarlier([query], { results: { A: { frames: [list('a', 'b', 'c')] } } }).size).toBe(0)
  expect(toEarlier([{ ...query, view: 'count' }], { results: { A: { frames: [list()] } } }).size).toBe(0)
})
