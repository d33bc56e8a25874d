import { beforeEach, expect, test } from 'vitest'
import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { createDeploymentRecords } from '../state/deployment-records.ts'
import { openState } from '../state/state.ts'
import type { ForeignChange } from './deployments.ts'
import { createDeployments } from './engine.ts'

let deployments: ReturnType<typeof createDeployments>

beforeEach(() => {
  deployments = createDeployments({
    records: createDeploymentRecords(openState({ path: ':memory:', log: silentLog }).db),
    clock: createFakeClock(Date.UTC(2026, 0, 1, 12)),
    ...{ emit: () => {}, push: async () => {}, log: silentLog },
  })
})

const begun: ForeignChange = {
  ...{ id: 'github-deployment-7', service: 'web', environment: 'staging', version: 'v1', status: 'running' },
  startedAt: '2026-01-01T10:00:00.000Z',
}
const failed: ForeignChange = { ...begun, status: 'failed', finishedAt: '2026-01-01T10:05:00.000Z', reason: 'no room' }

test('a deployment that another system tells of begins once and ends once', async () => {
  expect(await deployments.receive(begun)).toMatchObject({ id: begun.id, status: 'running', startedAt: begun.startedAt })
  expect(await deployments.receive(begun)).toBeNull()
  expect(await deployments.receive(failed)).toMatchObject({ status: 'failed', finishedAt: failed.finishedAt, reason: 'no room' })
  expect(await deployments.receive(failed)).toBeNull()
  expect(await deployments.receive(begun)).toBeNull()
  expect(deployments.list({ limit: 10 })).toMatchObject({ total: 1, deployments: [{ id: begun.id, status: 'failed' }] })
})

test('the end alone suffices when the beginning was lost', async () => {
  expect(await deployments.receive(failed)).toMatchObject({ startedAt: begun.startedAt, status: 'failed', reason: 'no room' })
})

test('an end before the beginning, by a clock that is off, counts as an end at the beginning', async () => {
  await deployments.receive(begun)
  expect(await deployments.receive({ ...failed, finishedAt: '2026-01-01T09:59:59.000Z' })).toMatchObject({ finishedAt: begun.startedAt })
})
