import { describe, expect, it } from 'vitest'
import type { TagFilter } from '../model/query.ts'
import { createMatcher } from './matcher.ts'

const tags = { host: 'web-1', region: 'eu' }

describe('a selector', () => {
  it.each<[TagFilter['op'], TagFilter['value'], boolean]>([
    ['=', 'web-1', true],
    ['=', 'web', false],
    ['!=', 'web-2', true],
    ['!=', 'web-1', false],
    ['=~', 'eb-', true],
    ['=~', '^eb', false],
    ['!~', '^db', true],
    ['!~', 'web', false],
    ['in', ['db-1', 'web-1'], true],
    ['in', ['db-1'], false],
    ['in', [], false],
  ])('host %s %j is %s for web-1', (op, value, matches) => {
    expect(createMatcher([{ tag: 'host', op, value }])(tags)).toBe(matches)
  })

  it('takes a missing tag as an empty one', () => {
    expect(createMatcher([{ tag: 'zone', op: '=', value: '' }])(tags)).toBe(true)
    expect(createMatcher([{ tag: 'zone', op: '!=', value: 'a' }])(tags)).toBe(true)
    expect(createMatcher([{ tag: 'zone', op: '=~', value: '.+' }])(tags)).toBe(false)
  })

  it('needs all of its filters, and without any matches everything', () => {
    const host: TagFilter = { tag: 'host', op: '=', value: 'web-1' }
    expect(createMatcher([host, { tag: 'region', op: '=', value: 'us' }])(tags)).toBe(false)
    expect(createMatcher([host, { tag: 'region', op: '=', value: 'eu' }])(tags)).toBe(true)
    expect(createMatcher([])({})).toBe(true)
  })
})
