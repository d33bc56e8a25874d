import { expect, it } from 'vitest'
import { toSharedLabels, toShownLabels } from './shown-labels.ts'

const row = (labels: Record<string, string>) => ({ labels })
const eu = row({ alertname: 'Down', cluster: 'one', host: 'a', severity: 'warning', zone: 'eu' })
const us = row({ alertname: 'Slow', cluster: 'one', host: 'a', severity: 'warning', zone: 'us' })

it('shows the labels asked for in that order, or all but what the row says already', () => {
  expect(toShownLabels(eu, 'zone, gone, host')).toEqual([
    ['zone', 'eu'],
    ['host', 'a'],
  ])
  expect(toShownLabels(eu, '').map(([name]) => name)).toEqual(['cluster', 'host', 'zone'])
})

it('shows what tells alerts apart before what all of them share', () => {
  const shared = toSharedLabels([eu, us])
  expect([...shared]).toEqual(['cluster', 'host', 'severity'])
  expect(toShownLabels(us, '', shared).map(([name]) => name)).toEqual(['zone', 'cluster', 'host'])
})

it('shares what one alert of another sort lacks, and nothing that only one has', () => {
  expect([...toSharedLabels([eu, us, row({ host: 'b' })])]).toEqual(['cluster', 'severity'])
  expect(toSharedLabels([eu]).size).toBe(0)
})
