import { expect, test } from 'vitest'
import type { Alert } from '../../model/alert.ts'
import { sampleNotification, testOfReceiver } from '../contract.ts'
import { toMessage, toText } from './message.ts'

const [sample] = sampleNotification.alerts
if (!sample) throw new Error('the sample has alerts')
const alert: Alert = {
  ...sample,
  labels: { alertname: 'HighErrorRate', severity: 'critical', service: 'checkout', environment: 'production' },
  annotations: {
    summary: 'checkout answers with errors',
    runbook_url: 'https://wiki.example.org/a',
    panel_url: 'https://grafana.example.org/p',
  },
  value: 0.118123,
  limit: 'above 0.05 for 2m',
  cause: { summary: 'shop 1.4.2 deployed by jane 4 min before', commits: 'a..b', rollback: 'deploy shop 1.4.1' },
}
const one = { ...sampleNotification, alerts: [alert], acknowledgeUrl: 'https://tidewatch.example.org/ack/x' }
const all = { alertsMax: 50 }

test('two lines say what, where, how bad, the value and its limit, since when, and what changed before', () => {
  const { title, lede } = toMessage(one, all)
  expect(title).toBe('CRITICAL: checkout answers with errors')
  expect(lede).toBe(
    'on production · 0.1181, limit above 0.05 for 2m · since 00:00 UTC · changed before: shop 1.4.2 deployed by jane 4 min before',
  )
})

test('the second line leaves out what the first says, and what nobody knows', () => {
  const annotations = { summary: 'checkout in production is at 0.1181, limit: above 0.05 for 2m' }
  const { lede } = toMessage({ ...one, alerts: [{ ...alert, annotations, cause: { summary: 'no clear cause' } }] }, all)
  expect(lede).toBe('since 00:00 UTC')
  expect(toMessage(testOfReceiver, all).lede).toBe('')
})

test('a value has its unit, and is not told as if it were so now when no samples come or nobody can say', () => {
  const shownOf = (changes: Partial<Alert>) =>
    toMessage({ ...one, alerts: [{ ...alert, unit: '%', ...changes }] }, all).entries[0]?.facts.find(({ name }) => name === 'Value')?.text
  const because = (state_reason: string) => ({ annotations: { ...alert.annotations, state_reason } })
  expect(shownOf({})).toBe('0.1181 %, limit: above 0.05 for 2m')
  expect(shownOf(because('NoData'))).toBe('no data comes; the last was 0.1181 %, limit: above 0.05 for 2m')
  expect(shownOf({ ...because('NoData'), value: null })).toBe('no data comes, limit: above 0.05 for 2m')
  expect(shownOf(because('Error'))).toBe('cannot be evaluated; the last was 0.1181 %, limit: above 0.05 for 2m')
  const { lede } = toMessage({ ...one, alerts: [{ ...alert, ...because('NoData'), cause: null }] }, all)
  expect(lede).toBe('on production · no data comes; the last was 0.1181, limit above 0.05 for 2m · since 00:00 UTC')
})

test('of what is over it says since when and after how long', () => {
  const over: Alert = { ...alert, state: 'resolved', endsAt: '2026-01-01T00:17:00.000Z', cause: null }
  expect(toMessage({ ...one, status: 'resolved', alerts: [over] }, all).lede).toBe('on production · over since 00:17 UTC, after 17m')
})

test('the facts that decide come first, and the links can be followed from plain text', () => {
  const message = toMessage(one, all)
  expect(message.entries[0]?.facts.map(({ name }) => name)).toEqual([
    ...['Value', 'Since', 'Changed before', 'Roll back with', 'Commits', 'Labels', 'Rule'],
  ])
  const text = toText(message)
  expect(text).toContain('Value: 0.1181, limit: above 0.05 for 2m')
  for (const link of [
    'Acknowledge or silence: https://tidewatch.example.org/ack/x',
    'Runbook: https://wiki.example.org/a',
    'Panel: https://grafana.example.org/p',
  ])
    expect(text).toContain(link)
})

test('a large group is told in full for the first three, and in brief for the others', () => {
  const alerts = Array.from({ length: 30 }, (_, index) => ({ ...alert, id: String(index), labels: { ...alert.labels, host: `h${index}` } }))
  const { entries, lede, single } = toMessage({ ...one, alerts }, all)
  expect(single).toBe(false)
  expect(lede).toBe('since 00:00 UTC · changed before: shop 1.4.2 deployed by jane 4 min before')
  expect(entries.map(({ facts }) => facts.length)).toEqual([7, 7, 7, ...Array.from({ length: 27 }, () => 4)])
})
