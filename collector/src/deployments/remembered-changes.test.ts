import { expect, test, vi } from 'vitest'
import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { createDeploymentRecords } from '../state/deployment-records.ts'
import { openState } from '../state/state.ts'
import { createDeployments } from './engine.ts'

test('thousands of alerts that fire at once look up the changes before them once, and again when there was another', async () => {
  const records = createDeploymentRecords(openState({ path: ':memory:', log: silentLog }).db)
  const changedBetween = vi.fn(records.changedBetween)
  const clock = createFakeClock()
  const deployments = createDeployments({ records: { ...records, changedBetween }, clock, log: silentLog, emit() {}, push: async () => {} })
  const causes = () => {
    const found = Array.from({ length: 1000 }, (_, index) => deployments.lastChange(clock.now(), { service: 'shop', host: `web-${index}` }))
    return [...new Set(found.map((cause) => cause?.summary))]
  }
  const shop = { service: 'shop', environment: 'production' }
  const { id } = await deployments.record({ ...shop, version: '1', status: 'running' })
  expect([causes(), changedBetween.mock.calls.length]).toEqual([['shop 1 deployment begun just before'], 1])
  await deployments.finish(id, { status: 'failed' })
  expect([causes(), changedBetween.mock.calls.length]).toEqual([['shop 1 deployment failed, tried just before'], 2])
  await deployments.record({ ...shop, version: '2', status: 'succeeded' })
  expect(causes()).toEqual(['shop 2 deployed just before'])
})
