import { describe, expect, it } from 'vitest'
import { AppError } from '../lib/errors.ts'
import { namesOf, startIngest, turn, writtenBy } from './fake-writes.ts'
import { readBatch } from './read-batch.ts'

describe('accepting', () => {
  it('counts what it refused, and the series it met', async () => {
    const { ingest, send, writes } = startIngest()
    const answer = send('a,t=1 v=1 1\nbroken\na,t=2 v=1 1\nb v=1 1\n')
    await turn()
    writes[0]?.finish()
    expect([(await answer).accepted, ingest.rejectedTotal, ingest.series().met]).toEqual([3, 1, 3])
  })

  it('answers when the store says that the points are durable, and not before', async () => {
    const { ingest, send, writes, told } = startIngest()
    let answered = false
    const answer = send('a v=1 1\nb v=2 2\n').finally(() => {
      answered = true
    })
    await turn()
    expect([answered, told.length, ingest.acceptedTotal]).toEqual([false, 0, 0])
    writes[0]?.finish()
    expect(await answer).toEqual({ accepted: 2, rejected: [] })
    expect([told.map(namesOf), ingest.acceptedTotal]).toEqual([[['a', 'b']], 2])
  })

  it('keeps the good lines and names the bad ones', async () => {
    const { send, writes } = startIngest()
    const answer = send('a v=1 1\nbad\nb v=2 2\n')
    writes[0]?.finish()
    expect(await answer).toEqual({ accepted: 2, rejected: [{ line: 2, reason: "unable to parse 'bad': missing fields" }] })
  })

  it('writes nothing of a batch with a bad line when asked to write all or nothing', async () => {
    const { ingest, writes } = startIngest()
    const options = { precision: 'ns', allOrNothing: true } as const
    const refused = await ingest.lineProtocol(Buffer.from('a v=1 1\nbad\n'), options)
    expect(refused).toEqual({ accepted: 0, rejected: [{ line: 2, reason: "unable to parse 'bad': missing fields" }] })
    expect(writes).toHaveLength(0)
    const taken = ingest.lineProtocol(Buffer.from('a v=1 1\nb v=1 1\n'), options)
    await turn()
    writes[0]?.finish()
    expect(await taken).toEqual({ accepted: 2, rejected: [] })
  })

  it('does not trouble the store with nothing', async () => {
    const { send, writes, ingest } = startIngest()
    expect(await send('bad\n')).toMatchObject({ accepted: 0, rejected: [{ line: 1 }] })
    expect(await send('# hello\n\n')).toEqual({ accepted: 0, rejected: [] })
    expect(await ingest.points([])).toEqual({ accepted: 0, rejected: [] })
    expect(writes).toHaveLength(0)
  })

  it('gives the points of one call one time, that of the clock', async () => {
    const { ingest, writes } = startIngest()
    void ingest.points([
      { measurement: 'a', tags: {}, fields: { v: 1 } },
      { measurement: 'b', tags: {}, fields: { v: 1 } },
    ])
    await turn()
    expect(writes[0] && readBatch(writes[0].batch).map(({ timeNs }) => timeNs)).toEqual([
      1_795_231_147_180_000_000n,
      1_795_231_147_180_000_000n,
    ])
  })

  it('counts bad lines that it does not describe', async () => {
    const { send } = startIngest()
    expect(await send('x\n'.repeat(1500))).toMatchObject({ accepted: 0, rejectedTotal: 1500 })
  })

  it('takes nothing of a request whose sender has gone', async () => {
    const { ingest, writes } = startIngest()
    await expect(ingest.points([{ measurement: 'a', tags: {}, fields: { v: 1 }, timeNs: 1n }], AbortSignal.abort())).rejects.toThrow()
    expect(writes).toHaveLength(0)
  })

  it('answers well although a listener to live samples fails', async () => {
    const { send, writes, live } = startIngest()
    live.accept = () => {
      throw new Error('a bug in a rule')
    }
    const answer = send('a v=1 1')
    writes[0]?.finish()
    expect(await answer).toEqual({ accepted: 1, rejected: [] })
  })
})

describe('group commit', () => {
  it('merges what arrives while the store writes, and gives everyone their own answer', async () => {
    const { send, writes, told } = startIngest()
    const first = send('a v=1 1\n')
    const second = send('bad\nb v=1 1\nc v=1 1\n')
    const third = send('d v=1 1\ne v=1\nworse\n')
    await turn()
    expect(writes.map(({ batch }) => namesOf(batch))).toEqual([['a']])
    writes[0]?.finish()
    await turn()
    expect(writes.map(({ batch }) => namesOf(batch))).toEqual([['a'], ['b', 'c', 'd', 'e']])
    const ofC = writes[1] && readBatch(writes[1].batch)[1]?.line
    const ofE = writes[1] && readBatch(writes[1].batch)[3]?.line
    const refused = [
      { line: ofC ?? 0, reason: 'field type conflict: c' },
      { line: ofE ?? 0, reason: 'field type conflict: e' },
    ]
    writes[1]?.finish({ rejected: refused })

    expect(await first).toEqual({ accepted: 1, rejected: [] })
    expect(await second).toEqual({
      accepted: 1,
      rejected: [
        { line: 1, reason: "unable to parse 'bad': missing fields" },
        { line: 3, reason: 'field type conflict: c' },
      ],
    })
    expect(await third).toEqual({
      accepted: 1,
      rejected: [
        { line: 2, reason: 'field type conflict: e' },
        { line: 3, reason: "unable to parse 'worse': missing fields" },
      ],
    })
    expect(told.map(namesOf)).toEqual([['a'], ['b', 'd']])
  })

  it('writes what came right as it came, and the rest anew, in order', async () => {
    const { ingest, send, writes } = startIngest()
    void send('first v=1 1\n')
    void send('a v=1.50 1\n')
    void ingest.points([{ measurement: 'p', tags: {}, fields: { v: 1 }, timeNs: 2n }])
    void send('b v=2.50 3')
    void send('c v=3.50')
    await turn()
    writes[0]?.finish()
    await turn()
    expect(writtenBy(writes[1])).toBe('a v=1.50 1\np v=1 2\nb v=2.50 3\nc v=3.5 1795231147180000000\n')
  })

  it('stops joining a batch that is large', async () => {
    const { send, writes } = startIngest({ groupPointsMax: 2 })
    for (const name of ['a', 'b', 'c', 'd', 'e']) void send(`${name} v=1 1`)
    await turn()
    for (let index = 0; index < 3; index++) {
      writes[index]?.finish()
      await turn()
    }
    expect(writes.map(({ batch }) => namesOf(batch))).toEqual([['a'], ['b', 'c'], ['d', 'e']])
  })

  it('sends large batches beside each other to a store that takes several, and merges small ones', async () => {
    const { send, writes, ingest } = startIngest({}, { writesAtOnce: 2 })
    const large = (name: string) => `${name} v=1\n`.repeat(1000)
    const answers = [send(large('a')), send('small v=1'), send(large('b')), send(large('c')), send('tiny v=1')]
    expect(writes.map(({ batch }) => batch.points)).toEqual([1000, 1001])
    writes[1]?.finish()
    expect((await answers[1])?.accepted).toBe(1)
    expect((await answers[2])?.accepted).toBe(1000)
    await turn()
    expect(writes.map(({ batch }) => batch.points)).toEqual([1000, 1001, 1001])
    writes[0]?.finish()
    writes[2]?.finish()
    await Promise.all(answers)
    await ingest.stop()
  })

  it('never lets a point overtake one that was answered before it came', async () => {
    const { send, writes } = startIngest({}, { writesAtOnce: 2 })
    const first = send(`a v=1 1\n`.repeat(1000))
    const other = send(`b v=1 1\n`.repeat(1000))
    writes[0]?.finish()
    await first
    const second = send('a v=2 1')
    expect(writes.map(({ batch }) => batch.points)).toEqual([1000, 1000])
    writes[1]?.finish()
    await other
    await turn()
    expect(writtenBy(writes[2])).toBe('a v=2 1\n')
    writes[2]?.finish()
    await second
  })

  it('uses the memory of a batch again only for a store that has no further use for it', async () => {
    for (const returnsBatches of [true, false]) {
      const { send, writes } = startIngest({}, { returnsBatches })
      const written: string[] = []
      for (const text of ['a f=1,i=1i,u=1u,b=t,s="x" 1', 'a f=2,i=2i,u=2u,b=f,s="y" 2', 'c s="z" 3']) {
        const answer = send(`${text}\n#\n`)
        written.push(writtenBy(writes.at(-1)))
        writes.at(-1)?.finish()
        await answer
        await turn()
      }
      expect(written).toEqual(['a f=1,i=1i,u=1u,b=true,s="x" 1\n', 'a f=2,i=2i,u=2u,b=false,s="y" 2\n', 'c s="z" 3\n'])
      const buffers = new Set(writes.map(({ batch }) => batch.strings.fields.buffer))
      expect(buffers.size).toBe(returnsBatches ? 1 : 3)
      if (!returnsBatches) expect(writtenBy(writes[0])).toBe(written[0])
    }
  })

  it('lets the others through when one request is what the store cannot take', async () => {
    const { send, writes, told } = startIngest()
    void send('first v=1 1')
    const [good, bad, alsoGood] = [send('a v=1.50 1\n'), send('poison v=1.50,s="p" 1\n'), send('b s="x",v=1.50 1\n')]
    const failure = expect(bad).rejects.toThrow('cannot take poison')
    await turn()
    writes[0]?.finish()
    await turn()
    writes[1]?.fail(new Error('cannot take this batch'))
    await turn()
    expect(writtenBy(writes[2])).toBe('a v=1.50 1\n')
    writes[2]?.finish()
    await turn()
    expect(writtenBy(writes[3])).toBe('poison v=1.50,s="p" 1\n')
    writes[3]?.fail(new Error('cannot take poison'))
    await turn()
    expect(writtenBy(writes[4])).toBe('b s="x",v=1.50 1\n')
    expect(writes[4] && readBatch(writes[4].batch)[0]?.fields.map(({ value }) => value)).toEqual([1.5, 'x'])
    writes[4]?.finish()
    expect([await good, await alsoGood]).toEqual([
      { accepted: 1, rejected: [] },
      { accepted: 1, rejected: [] },
    ])
    await failure
    expect(told.map(namesOf)).toEqual([['first'], ['a'], ['b']])
  })

  it('fails for everyone at once when the store is away, and takes the next request', async () => {
    const { send, writes, ingest, told } = startIngest()
    const first = send('first v=1 1')
    const answers = Promise.allSettled([send('a v=1 1'), send('b v=1 1')])
    await turn()
    writes[0]?.finish()
    await first
    await turn()
    writes[1]?.fail(new AppError('STORE_UNAVAILABLE', 'the store is away', { retryable: true }))
    expect((await answers).map((answer) => answer.status)).toEqual(['rejected', 'rejected'])
    expect([writes.length, told.length, ingest.acceptedTotal]).toEqual([2, 2, 1])
    const later = send('c v=1 1')
    writes[2]?.finish()
    expect(await later).toEqual({ accepted: 1, rejected: [] })
  })
})
