import { describe, expect, test } from 'vitest'
import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { Tags } from '../model/point.ts'
import { createDeploymentRecords } from '../state/deployment-records.ts'
import { openState } from '../state/state.ts'
import type { NewDeployment } from './deployments.ts'
import { createDeployments } from './engine.ts'

/** What is named before a rise; times are minutes before it, negative ones after it. */
type Change = Partial<Omit<NewDeployment, 'startedAt' | 'finishedAt'>> & {
  readonly version: string
  readonly at: number
  readonly ended?: number
  /** How many minutes the reporter's clock is ahead. */
  readonly ahead?: number
}

const minute = 60_000
const shop = { service: 'shop', environment: 'production' }

async function causeOf(changes: readonly Change[], labels: Tags = shop) {
  const clock = createFakeClock()
  const riseMs = clock.now() + 10 * 60 * minute
  const records = createDeploymentRecords(openState({ path: ':memory:', log: silentLog }).db)
  const deployments = createDeployments({ records, clock, log: silentLog, emit() {}, push: async () => {} })
  for (const { at, ended, ahead = 0, ...change } of changes) {
    await clock.advance(riseMs - at * minute - clock.now())
    const time = (ago: number) => new Date(riseMs - (ago - ahead) * minute).toISOString()
    const { id } = await deployments.record({ ...shop, status: 'running', startedAt: time(at), ...change })
    if (ended === undefined) continue
    await clock.advance(riseMs - ended * minute - clock.now())
    await deployments.finish(id, { status: 'succeeded', finishedAt: time(ended) })
  }
  return deployments.lastChange(riseMs, labels)?.summary ?? null
}

describe('before a rise', () => {
  test.each<[what: string, changes: readonly Change[], named: string | null]>([
    [
      'the later of two deployments of a service',
      [
        { version: '1', at: 30, ended: 29 },
        { version: '2', at: 9, ended: 5 },
      ],
      'shop 2 deployed 5 min before',
    ],
    ['nothing that came after it, be it a second', [{ version: '1', at: -1 / 60 }], null],
    [
      'what came before it, though another deployment came after it',
      [
        { version: '1', at: 4, ended: 4 },
        { version: '2', at: -1 },
      ],
      'shop 1 deployed 4 min before',
    ],
    ['what was still under way', [{ version: '1', at: 3, ended: -3 }], 'shop 1 deployment begun 3 min before'],
    ['what took over an hour and ended just before', [{ version: '1', at: 80, ended: 5 }], 'shop 1 deployed 5 min before'],
    ['nothing that ended over an hour before', [{ version: '1', at: 80, ended: 61 }], null],
    [
      'a rollback, as any other change',
      [
        { version: '2', at: 20, ended: 19 },
        { version: '1', at: 6, ended: 5 },
      ],
      'shop 1 deployed 5 min before',
    ],
    [
      'a flag that came after a deployment',
      [
        { version: '1', at: 9, ended: 8 },
        { kind: 'flag', name: 'fast', version: 'on', at: 2, ended: 2 },
      ],
      'flag fast of shop set to on 2 min before',
    ],
    ['a setting', [{ kind: 'configuration', name: 'pool', version: '5', at: 2, ended: 2 }], 'setting pool of shop set to 5 2 min before'],
    [
      "its own service's change, not the later one of a service it may depend on",
      [
        { version: '1', at: 4, ended: 4 },
        { service: 'db', version: '9', at: 3, ended: 3 },
      ],
      'shop 1 deployed 4 min before',
    ],
    ['nothing when only a service it may depend on changed', [{ service: 'db', version: '9', at: 3, ended: 3 }], null],
    ['nothing of another environment', [{ environment: 'staging', version: '1', at: 3, ended: 3 }], null],
    [
      'what a reporter whose clock is 30 s ahead reported a moment before',
      [{ version: '1', at: 0.1, ended: 0.05, ahead: 0.5 }],
      'shop 1 deployed 3 s before',
    ],
    [
      'what a reporter whose clock is 30 s behind reported',
      [{ version: '1', at: 4, ended: 2, ahead: -0.5 }],
      'shop 1 deployed 3 min before',
    ],
  ])('%s is named', async (_, changes, named) => {
    expect(await causeOf(changes)).toBe(named)
  })

  test('of one host or of all, it is the change of the service they are part of', async () => {
    const changes = [
      { version: '1', at: 4, ended: 4 },
      { service: 'db', version: '9', at: 3, ended: 3 },
    ]
    expect(await causeOf(changes, { ...shop, host: 'a' })).toBe('shop 1 deployed 4 min before')
    expect(await causeOf(changes, { host: 'a' })).toBe('db 9 deployed 3 min before')
  })
})

test('an end before the beginning by no more than clocks differ is at the beginning, one by more is refused', async () => {
  const clock = createFakeClock()
  const records = createDeploymentRecords(openState({ path: ':memory:', log: silentLog }).db)
  const deployments = createDeployments({ records, clock, log: silentLog, emit() {}, push: async () => {} })
  const { id, startedAt } = await deployments.record({ ...shop, version: '1', status: 'running' })
  const finish = (earlyMs: number) =>
    deployments.finish(id, { status: 'succeeded', finishedAt: new Date(clock.now() - earlyMs).toISOString() })
  await expect(finish(2 * minute)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
  expect(await finish(minute / 2)).toMatchObject({ finishedAt: startedAt })
})
