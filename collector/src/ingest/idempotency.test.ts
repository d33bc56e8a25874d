import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { KeptAnswer } from '../model/idempotency.ts'
import { createIdempotencyRecords } from '../state/idempotency-records.ts'
import { openState, type State } from '../state/state.ts'
import { createIdempotency } from './idempotency.ts'

const startMs = 1_795_231_147_180
const body = Buffer.from('{"points":[]}')
const answer: KeptAnswer = { status: 200, body: '{"accepted":1,"rejected":[]}' }

let state: State
beforeEach(() => {
  state = openState({ path: ':memory:', log: silentLog })
})
afterEach(() => state.close())

function setup(idempotencyKeysMax = 1000) {
  const clock = createFakeClock(startMs)
  const limits = { idempotencyKeepMs: 60_000, idempotencyKeysMax }
  const records = createIdempotencyRecords(state.db)
  const done: number[] = []
  const work = async (firstMs: number) => {
    done.push(firstMs)
    return answer
  }
  return { clock, done, work, records, create: () => createIdempotency({ records, clock, limits }) }
}

describe('a request with a key', () => {
  it('is done once, and answered the same when it comes again, also after a restart', async () => {
    const { create, work, done, clock } = setup()
    const first = create()
    expect(await first.once('k', body, work)).toEqual({ ...answer, replayed: false })
    await clock.advance(1000)
    expect(await first.once('k', body, work)).toEqual({ ...answer, replayed: true })
    expect(await create().once('k', body, work)).toEqual({ ...answer, replayed: true })
    expect(done).toEqual([startMs])
  })

  it('is refused when the key came with another body, whether that was answered or not', async () => {
    const { create, work } = setup()
    const keys = create()
    const refused = { code: 'IDEMPOTENCY_KEY_REUSED', message: expect.stringContaining('another body') }
    await keys.once('k', body, work)
    await expect(keys.once('k', Buffer.from('{}'), work)).rejects.toMatchObject(refused)
    await keys.once('fails', body, () => Promise.reject(new Error('no'))).catch(() => undefined)
    await expect(keys.once('fails', Buffer.from('{}'), work)).rejects.toMatchObject(refused)
  })

  it('waits for the one that is under way', async () => {
    const { create, done } = setup()
    const keys = create()
    const { promise, resolve } = Promise.withResolvers<KeptAnswer>()
    const slow = (firstMs: number) => {
      done.push(firstMs)
      return promise
    }
    const all = [keys.once('k', body, slow), keys.once('k', body, slow), keys.once('k', body, slow)]
    const other = keys.once('other', body, async () => answer)
    expect((await other).replayed).toBe(false)
    resolve(answer)
    expect((await Promise.all(all)).map(({ replayed }) => replayed)).toEqual([false, true, true])
    expect(done).toEqual([startMs])
  })

  it('is done again with its first time when it failed, or when its answer was never kept', async () => {
    const { create, work, done, clock } = setup()
    const failing = async (firstMs: number) => {
      done.push(firstMs)
      throw new Error('the collector was killed here')
    }
    await expect(create().once('k', body, failing)).rejects.toThrow('killed here')
    await clock.advance(5000)
    expect((await create().once('k', body, work)).replayed).toBe(false)
    const long = { status: 200, body: 'x'.repeat(70_000) }
    await create().once('long', body, async () => long)
    await clock.advance(5000)
    await create().once('long', body, work)
    expect(done).toEqual([startMs, startMs, startMs + 5000])
  })

  it('is forgotten after its time, and the oldest first when there are too many', async () => {
    const { create, work, clock, records } = setup(2)
    for (const key of ['a', 'b', 'c']) {
      await create().once(key, body, work)
      await clock.advance(1000)
    }
    // Each new process looks at once; room is made before the next key is entered.
    expect((await create().once('c', body, work)).replayed).toBe(true)
    expect((await create().once('a', body, work)).replayed).toBe(false)
    await clock.advance(61_000)
    expect((await create().once('c', body, work)).replayed).toBe(false)
    records.forget(0, 0)
    expect(state.db.all('SELECT * FROM idempotency_keys')).toEqual([])
  })
})
