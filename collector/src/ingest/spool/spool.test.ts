import { mkdtempSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { AppError } from '../../lib/errors.ts'
import { silentLog } from '../../lib/log.ts'
import type { Batch } from '../../model/batch.ts'
import type { WriteResult } from '../../model/store.ts'
import { createIngest } from '../accept.ts'
import { readBatch } from '../read-batch.ts'
import { listQuarantine } from './quarantine.ts'
import { quarantineFolder, type SpoolOptions } from './spool.ts'

const away = (retryAfterMs?: number) => new AppError('STORE_UNAVAILABLE', 'the store is away', { retryable: true, retryAfterMs })
const refused = () => new AppError('STORE_REFUSED', 'retention policy not found: x')
const newFolder = () => mkdtempSync(join(tmpdir(), 'tidewatch-spool-'))
const textOf = (batch: Batch) => Buffer.from(batch.toLineProtocol()).toString()
const namesOf = (batch: Batch) => readBatch(batch).map(({ measurement }) => measurement)

/** An ingest whose store does what the test says; `written` is what it took. */
function setup(options: Partial<SpoolOptions> = {}) {
  const directory = options.directory ?? newFolder()
  const clock = createFakeClock(1_795_231_147_180)
  const written: string[] = []
  const attempts: { atMs: number; names: string[] }[] = []
  const told: string[] = []
  const store = {
    answer: async (_batch: Batch): Promise<WriteResult> => ({ rejected: [] }),
    async write(batch: Batch) {
      attempts.push({ atMs: clock.now(), names: namesOf(batch) })
      const result = await store.answer(batch)
      written.push(textOf(batch))
      return result
    },
  }
  const spool = { directory, bytesMax: 1_000_000, quarantineBytesMax: 100_000, slowAfterMs: 1000, random: () => 1, ...options }
  const live = { accept: (batch: Batch) => void told.push(...namesOf(batch)) }
  const ingest = createIngest({ store, live, clock, log: silentLog, spool })
  const send = (text: string) => ingest.lineProtocol(Buffer.from(text), { precision: 'ns' })
  const quarantined = () => listQuarantine(quarantineFolder(directory))
  const fail = (thrown: unknown) => {
    store.answer = () => Promise.reject(thrown)
  }
  const mend = () => {
    store.answer = async () => ({ rejected: [] })
  }
  /** Lets time pass until nothing waits any more. */
  const drained = async () => {
    for (let turn = 0; ingest.spool().bytes > 0; turn++) {
      if (turn > 500_000) throw new Error('the spool is never drained')
      await clock.advance(250)
    }
  }
  return { drained, ingest, send, store, fail, mend, clock, written, attempts, told, directory, quarantined }
}

/** Waits for the disk, which no fake clock moves. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 5_000_000) throw new Error('it never came')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const segmentsIn = (directory: string) => readdirSync(directory).filter((name) => name.endsWith('.spool'))

describe('a store that fails', () => {
  it('does not keep points from being acknowledged, told to live and written in order afterwards', async () => {
    const { ingest, send, fail, mend, clock, written, told, attempts, directory, drained } = setup()
    await ingest.start()
    fail(away())
    for (const name of ['a', 'b', 'c']) expect(await send(`${name} v=1 1`)).toEqual({ accepted: 1, rejected: [] })
    expect(told).toEqual(['a', 'b', 'c'])
    expect(attempts.map(({ names }) => names)).toEqual([['a']])
    expect([ingest.spool().bytes > 0, segmentsIn(directory).length]).toEqual([true, 1])
    await clock.advance(400)
    expect(ingest.spool().ageSeconds).toBe(0.4)
    mend()
    await drained()
    await ingest.stop()
    // The first one alone shows that the store is well.
    expect(written).toEqual(['a v=1 1\n', 'b v=1 1\nc v=1 1\n'])
    expect(ingest.spool()).toMatchObject({ bytes: 0, ageSeconds: 0, quarantined: 0 })
    expect(segmentsIn(directory)).toEqual([])
  })

  it('is tried again after doubling delays, and not before it asked to be', async () => {
    const { ingest, send, fail, clock, attempts } = setup()
    await ingest.start()
    fail(away())
    await send('a v=1 1')
    await clock.advance(500)
    // From here on the record is in memory.
    await until(() => attempts.length === 2)
    await clock.advance(3500)
    const startMs = attempts[0]?.atMs ?? 0
    expect(attempts.map(({ atMs }) => atMs - startMs)).toEqual([0, 500, 1500, 3500])
    fail(away(60_000))
    await clock.advance(70_000)
    expect(attempts.map(({ atMs }) => atMs - startMs)).toEqual([0, 500, 1500, 3500, 7500, 67_500])
    await ingest.stop()
  })

  it('gets fresh points at once when it is well, although old ones still wait', async () => {
    const { ingest, send, fail, store, clock, written, attempts } = setup()
    await ingest.start()
    fail(away())
    await send('old v=1 1')
    await send('slow v=1 2')
    const { promise, resolve } = Promise.withResolvers<WriteResult>()
    store.answer = async (batch) => (namesOf(batch).includes('slow') && !namesOf(batch).includes('old') ? promise : { rejected: [] })
    await clock.advance(500)
    await until(() => written.length === 1 && attempts.length === 3)
    expect(await send('fresh v=1 3')).toMatchObject({ accepted: 1 })
    expect(written).toEqual(['old v=1 1\n', 'fresh v=1 3\n'])
    resolve({ rejected: [] })
    await until(() => written.length === 3)
    await ingest.stop()
  })

  it('is taken for slow when it does not answer', async () => {
    const { ingest, send, store, mend, clock, written, drained } = setup()
    await ingest.start()
    store.answer = () => new Promise(() => {})
    const answer = send('a v=1 1')
    await clock.advance(1000)
    expect(await answer).toEqual({ accepted: 1, rejected: [] })
    mend()
    await drained()
    expect(written).toEqual(['a v=1 1\n'])
    await ingest.stop()
  })

  it('makes the answer an error only when the spool is full', async () => {
    const { ingest, send, fail, mend, written, drained } = setup({ bytesMax: 60 })
    await ingest.start()
    fail(away())
    await send('a v=1 1')
    await send('b v=1 1')
    await expect(send('c v=1 1')).rejects.toMatchObject({ code: 'INGEST_FULL', retryable: true })
    mend()
    await drained()
    expect(await send('d v=1 1')).toEqual({ accepted: 1, rejected: [] })
    expect(written.join('')).toBe('a v=1 1\nb v=1 1\nd v=1 1\n')
    await ingest.stop()
  })
})

describe('what waits', () => {
  it('is found by the next process', async () => {
    const first = setup()
    await first.ingest.start()
    first.fail(away())
    await first.send('a v=1 1\nb s="two\nlines",v=-1i,w=2u,x=t 2')
    await first.ingest.stop()
    const second = setup({ directory: first.directory })
    await second.ingest.start()
    await second.drained()
    expect(second.written).toEqual(['a v=1 1\nb s="two\nlines",v=-1i,w=2u,x=t 2\n'])
    await second.ingest.stop()
  })

  it('is cut at the last whole record when a kill left half a one', async () => {
    const first = setup()
    await first.ingest.start()
    first.fail(away())
    for (const name of ['a', 'b', 'c']) await first.send(`${name} v=1 1`)
    await first.ingest.stop()
    const path = join(first.directory, segmentsIn(first.directory)[0] ?? '')
    truncateSync(path, statSync(path).size - 3)
    const second = setup({ directory: first.directory })
    second.fail(away())
    await second.ingest.start()
    await second.ingest.stop()
    expect(statSync(path).size).toBe(2 * 28)
    const third = setup({ directory: first.directory })
    await third.ingest.start()
    await third.drained()
    expect(third.written).toEqual(['a v=1 1\nb v=1 1\n'])
    await third.ingest.stop()
  })

  it('is written but for the damaged record, and a damaged file is kept', async () => {
    const first = setup()
    await first.ingest.start()
    first.fail(away())
    for (const name of ['a', 'b', 'c']) await first.send(`${name} v=1 1`)
    await first.ingest.stop()
    const [name = ''] = segmentsIn(first.directory)
    const bytes = readFileSync(join(first.directory, name))
    bytes.fill(0, 28, 40)
    writeFileSync(join(first.directory, name), bytes)
    const second = setup({ directory: first.directory })
    await second.ingest.start()
    await second.drained()
    await second.ingest.stop()
    expect(second.written).toEqual(['a v=1 1\nc v=1 1\n'])
    expect(readdirSync(first.directory).sort()).toEqual([`${name}.damaged`, 'quarantine'])
  })
})

describe('what the store refuses for good', () => {
  it('is refused to the sender when the store says so at once', async () => {
    const { ingest, send, fail } = setup()
    await ingest.start()
    fail(refused())
    await expect(send('a v=1 1')).rejects.toMatchObject({ code: 'STORE_REFUSED' })
    expect(ingest.spool().bytes).toBe(0)
    await ingest.stop()
  })

  it('goes to quarantine with its reason when it was acknowledged before, and the rest is written', async () => {
    const { ingest, send, fail, store, drained, written, quarantined } = setup()
    await ingest.start()
    fail(away())
    for (const name of ['a', 'poison', 'b']) await send(`${name} v=1 1`)
    store.answer = async (batch) => (namesOf(batch).includes('poison') ? Promise.reject(refused()) : { rejected: [] })
    await drained()
    await ingest.stop()
    expect(written).toEqual(['a v=1 1\n', 'b v=1 1\n'])
    const [entry, ...more] = await quarantined()
    expect([entry, more]).toEqual([expect.objectContaining({ points: 1, reasons: ['retention policy not found: x'] }), []])
    expect(readFileSync(entry?.path ?? '', 'utf8')).toMatch(/^# at: .*\n# points: 1\n# reason: .*\npoison v=1 1\n$/)
    expect(ingest.spool()).toMatchObject({ bytes: 0, quarantined: 1 })
  })

  it('keeps only the refused lines in quarantine', async () => {
    const { ingest, send, fail, store, drained, quarantined } = setup()
    await ingest.start()
    fail(away())
    await send('a v=1 1\nb v=1 1\nc v=1 1')
    store.answer = async () => ({ rejected: [{ line: 2, reason: 'field type conflict: b' }] })
    await drained()
    await ingest.stop()
    const [entry] = await quarantined()
    expect(readFileSync(entry?.path ?? '', 'utf8')).toMatch(/^# points: 1\n# reason: field type conflict: b\nb v=1 1\n$/m)
  })

  it('does not block the others although the store calls its refusal passing', async () => {
    const { ingest, send, fail, store, drained, written, quarantined } = setup()
    await ingest.start()
    fail(away())
    for (const name of ['poison', 'a', 'b']) await send(`${name} v=1 1`)
    store.answer = async (batch) => (namesOf(batch).includes('poison') ? Promise.reject(away()) : { rejected: [] })
    await drained()
    await ingest.stop()
    expect(written.at(-1)).toBe('a v=1 1\nb v=1 1\n')
    expect((await quarantined()).map(({ reasons }) => reasons)).toEqual([['the store is away (6 times, while other points were taken)']])
  })

  it('makes room for newer when the quarantine is full', async () => {
    const { ingest, send, fail, drained, quarantined } = setup({ quarantineBytesMax: 250 })
    await ingest.start()
    fail(away())
    for (let index = 0; index < 5; index++) await send(`p${index} v=1 1`)
    fail(refused())
    await drained()
    await ingest.stop()
    const texts = (await quarantined()).map(({ path }) => readFileSync(path, 'utf8'))
    expect([texts.length < 5, texts.at(-1)?.endsWith('p4 v=1 1\n')]).toEqual([true, true])
  })
})
