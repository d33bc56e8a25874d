import { expect, test } from 'vitest'
import { createFakeClock } from '../../../lib/clock.ts'
import { createOwnAlerts } from '../../own-alerts.ts'
import { createReceiverWatch } from './receiver-watch.ts'

function setup() {
  const clock = createFakeClock(Date.UTC(2026, 0, 1))
  const ownAlerts = createOwnAlerts({ clock, publish: () => [] })
  const watch = createReceiverWatch({ clock, ownAlerts })
  const fail = (receiver: string) => watch.onFailure(receiver, { reason: 'no route', isGivenUp: false })
  return { clock, watch, fail, told: () => ownAlerts.active().map(({ labels }) => labels.receiver) }
}

test('a receiver has failed for a minute before anybody hears of it, and one that takes something is fine', async () => {
  const { clock, watch, fail, told } = setup()
  fail('chat')
  await clock.advance(59_999)
  fail('chat')
  expect(told()).toEqual([])
  await clock.advance(1)
  fail('chat')
  expect(told()).toEqual(['chat'])
  watch.onSent('chat')
  expect(told()).toEqual([])
})

test('a receiver that was taken out and put back has its minute again, whether or not its failing was told', async () => {
  const { clock, watch, fail, told } = setup()
  for (const isTold of [false, true]) {
    fail('chat')
    await clock.advance(isTold ? 60_000 : 30_000)
    fail('chat')
    expect(told()).toEqual(isTold ? ['chat'] : [])
    watch.renew(new Map())
    expect(told()).toEqual([])
    watch.renew(new Map([['chat', {}]]))
    await clock.advance(3_600_000)
    fail('chat')
    expect(told()).toEqual([])
    watch.renew(new Map())
  }
})

test('a receiver that stays in the configuration goes on failing', async () => {
  const { clock, watch, fail, told } = setup()
  const renew = () => watch.renew(new Map([['chat', {}]]))
  fail('chat')
  await clock.advance(60_000)
  renew()
  fail('chat')
  expect(told()).toEqual(['chat'])
  renew()
  expect(told()).toEqual(['chat'])
})
