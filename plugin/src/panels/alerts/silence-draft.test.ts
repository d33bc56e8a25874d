import { expect, it } from 'vitest'
import { toDraftMatchers, toMatcherTexts, toPreviewSentence } from './silence-draft.ts'

it('begins with every label of the alert, its name first, as Alertmanager writes them', () => {
  const draft = toDraftMatchers({ zone: 'x', alertname: 'Down', 'odd name': 'say "hi"' })
  expect(toMatcherTexts(draft)).toEqual(['alertname="Down"', '"odd name"="say \\"hi\\""', 'zone="x"'])
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
