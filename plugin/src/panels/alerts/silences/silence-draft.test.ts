import { describe, expect, it } from 'vitest'
import { toDraftMatchers, toMatcherTexts, toPreviewSentence, toReachSentence } from './silence-draft.ts'

it('begins with every label of the alert, its name first, as Alertmanager writes them', () => {
  const draft = toDraftMatchers([{ zone: 'x', alertname: 'Down', 'odd name': 'say "hi"' }])
  expect(toMatcherTexts(draft)).toEqual(['alertname="Down"', '"odd name"="say \\"hi\\""', 'zone="x"'])
})

describe('for the alerts of a group', () => {
  const draftOf = (...all: Record<string, string>[]) => toDraftMatchers(all).map(({ text, isUsed }) => `${isUsed ? '' : 'not '}${text}`)

  it('uses what they share, and offers a choice of what they have where they differ', () => {
    expect(draftOf({ alertname: 'Down', host: 'b', zone: 'eu' }, { alertname: 'Down', host: 'a', zone: 'eu' })).toEqual([
      'alertname="Down"',
      'zone="eu"',
      'not host=~"a|b"',
    ])
  })

  it('leaves out a label that one of them has not, since it would leave that one audible', () => {
    expect(draftOf({ zone: 'eu', host: 'a' }, { zone: 'eu' })).toEqual(['zone="eu"'])
    expect(draftOf({ zone: 'eu' }, { zone: 'eu', host: 'a' })).toEqual(['zone="eu"'])
  })

  it('offers no choice that nobody can read', () => {
    const hosts = Array.from({ length: 13 }, (_none, index) => ({ zone: 'eu', host: `web-${index}` }))
    expect(draftOf(...hosts)).toEqual(['zone="eu"'])
    expect(draftOf(...hosts.slice(1))[1]).toMatch(/^not host=~"web-1\|web-2\|/)
  })
})

it('says when a silence misses alerts of its group, or reaches others', () => {
  expect(toReachSentence(['a', 'b'], ['a', 'b'])).toBe('')
  expect(toReachSentence(['a', 'b', 'c', 'd'], ['a', 'b'])).toBe('2 of them are outside the group.')
  expect(toReachSentence(['a', 'x'], ['a', 'b'])).toBe('1 of the 2 alerts of the group is not among them. 1 of them is outside the group.')
  expect(toReachSentence(['a', 'b'], ['a'])).toBe('')
  expect(toReachSentence([], ['a'])).toBe('The alert it is made for is not among them.')
})

it('sends what is in use and says something', () => {
  expect(
    toMatcherTexts([
      { key: 'a', text: ' host=~"web-.*" ', isUsed: true },
      { key: 'b', text: 'zone="x"', isUsed: false },
      { key: 'c', text: ' ', isUsed: true },
    ]),
  ).toEqual(['host=~"web-.*"'])
})

it('says what a silence would have done', () => {
  const figures = { notificationsTotal: 1200, notificationsSuppressed: 14, notificationsShortened: 0, days: 7 }
  expect(toPreviewSentence(figures)).toBe('Of 1,200 notifications in the past 7 days it would have kept back 14.')
  expect(toPreviewSentence({ ...figures, notificationsShortened: 2, days: 1 })).toBe(
    'Of 1,200 notifications in the past day it would have kept back 14 and shortened 2.',
  )
  expect(toPreviewSentence({ ...figures, notificationsTotal: 0 })).toContain('Nobody was notified')
})
