import { expect, test } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import { calm } from '../rules/evaluation/advance.ts'
import { createAcknowledgements } from './acknowledgements.ts'
import { createBoard } from './board.ts'

const fine: AlertInstance = {
  ...calm,
  ...{
    id: '00ff',
    rule: 'Both',
    severity: 'high',
    labels: { alertname: 'Both', severity: 'high' },
    annotations: {},
    value: 1,
    cause: null,
  },
}
const firing = (sinceMs: number): AlertInstance => ({ ...fine, state: 'firing', activeSinceMs: sinceMs, firedAtMs: sinceMs })

function started() {
  const clock = createFakeClock(0)
  const { alerts: records } = createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db)
  const told: string[] = []
  const board = createBoard({
    ...{
      records,
      clock,
      log: silentLog,
      acknowledgements: createAcknowledgements({ records, clock, log: silentLog, transaction: (work) => work() }),
    },
    ...{ emit: () => {}, push: async () => {}, causeOf: () => null, onFiring: () => {}, deliver: () => {}, isFlapping: () => false },
    suppressionOf: () => ({ status: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] }),
    dispatch: ({ state }) => void told.push(state),
    transaction: (work) => work(),
  })
  return { records, told, board }
}

test('an alert that ended and began anew within one turn is there after a restart, and the first episode is history', () => {
  const { records, told, board } = started()
  const [first, second] = [firing(1000), firing(5000)]
  board.publish([{ from: 'ok', to: 'firing', before: first, instance: first }])
  board.together(() => {
    board.publish([{ from: 'firing', to: 'ok', before: first, instance: fine }])
    board.publish([{ from: 'ok', to: 'firing', before: fine, instance: second }])
  })
  expect(records.instances()).toMatchObject([{ id: '00ff', state: 'firing', firedAtMs: 5000 }])
  expect(records.lastEpisode('00ff')).toMatchObject({ startsAt: '1970-01-01T00:00:01.000Z', state: 'resolved' })
  expect(told).toEqual(['firing', 'resolved', 'firing'])
})

test('one that began and ended within one turn is not', () => {
  const { records, board } = started()
  const instance = firing(1000)
  board.together(() => {
    board.publish([{ from: 'ok', to: 'firing', before: fine, instance }])
    board.publish([{ from: 'firing', to: 'ok', before: instance, instance: fine }])
  })
  expect(records.instances()).toEqual([])
})
