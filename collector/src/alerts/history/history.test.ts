import { expect, test } from 'vitest'
import type { Alert } from '../../model/alert.ts'
import { createHistoryPoints } from './history.ts'

const alert = (changed: Partial<Alert> = {}) =>
  ({ id: 'f1', rule: 'Hot', severity: 'high', labels: { host: 'a' }, value: 95, cause: null, ...changed }) as Alert

test('what happened to alerts in one millisecond stands at times of its own, in the order in which it happened', () => {
  const toPoints = createHistoryPoints()
  const event = { alert: alert(), state: 'firing' }
  const times = [...toPoints([event, event], 7), ...toPoints([event], 7)].map(({ timeNs }) => Number(timeNs))
  expect(times).toEqual([7_000_001, 7_000_002, 7_000_003])
})

test('an event says whose it is, and leaves out what is not known', () => {
  const [bare, full] = createHistoryPoints()(
    [
      { alert: alert({ value: null }), state: 'resolved' },
      {
        ...{ state: 'firing', actor: 'jane', action: 'acknowledge' },
        alert: alert({
          source: 'grafana',
          labels: { environment: 'production' },
          cause: { summary: 'shop 1.4.2 deployed' } as Alert['cause'],
        }),
      },
    ],
    0,
  )
  expect(bare).toMatchObject({
    tags: { category: 'alerts', rule: 'Hot', severity: 'high', state: 'resolved' },
    fields: { fingerprint: 'f1', labels: '{"host":"a"}' },
  })
  expect(Object.keys({ ...bare?.tags, ...bare?.fields })).toHaveLength(6)
  expect(full?.tags).toMatchObject({ environment: 'production', source: 'grafana' })
  expect(full?.fields).toMatchObject({ value: 95, cause: 'shop 1.4.2 deployed', actor: 'jane', action: 'acknowledge' })
  const [endless] = createHistoryPoints()([{ alert: alert({ value: Number.POSITIVE_INFINITY }), state: 'firing' }], 0)
  expect(endless?.fields).not.toHaveProperty('value')
})
