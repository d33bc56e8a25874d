import { describe, expect, it } from 'vitest'
import { startIngest, turn } from './fake-writes.ts'

describe('limits', () => {
  it('refuse more bytes than may wait, with an error that invites to try again', async () => {
    const { send, writes } = startIngest({ bytesInFlightMax: 20 })
    const first = send('a_long_name v=1 1\n')
    const second = send('b v=1 1\n')
    await expect(send('c v=1 1\n')).rejects.toMatchObject({ code: 'INGEST_FULL', retryable: true })
    writes[0]?.finish()
    await first
    await turn()
    writes[1]?.finish()
    await second
    const third = send('c v=1 1\n')
    writes[2]?.finish()
    expect(await third).toEqual({ accepted: 1, rejected: [] })
  })

  it('refuse more points than may wait', async () => {
    const { ingest, writes } = startIngest({ pointsInFlightMax: 2 })
    const point = { measurement: 'a', tags: {}, fields: { v: 1 } }
    const first = ingest.points([point, point, point])
    await expect(ingest.points([point])).rejects.toMatchObject({ code: 'INGEST_FULL' })
    writes[0]?.finish()
    await first
    const second = ingest.points([point])
    writes[1]?.finish()
    expect(await second).toEqual({ accepted: 1, rejected: [] })
  })

  it('make room again after a failure', async () => {
    const { send, writes } = startIngest({ bytesInFlightMax: 5 })
    const failed = expect(send('a v=1 1\n')).rejects.toThrow('disk full')
    writes[0]?.fail(new Error('disk full'))
    await failed
    const next = send('b v=1 1\n')
    writes[1]?.finish()
    expect(await next).toEqual({ accepted: 1, rejected: [] })
  })
})

it('stops when the last point is durable, and takes no more', async () => {
  const { ingest, send, writes } = startIngest()
  const answers = [send('a v=1 1'), send('b v=1 1')]
  let stopped = false
  const stop = ingest.stop().then(() => {
    stopped = true
  })
  await expect(send('c v=1 1')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
  writes[0]?.finish()
  await turn()
  expect(stopped).toBe(false)
  writes[1]?.finish()
  await stop
  expect(await Promise.all(answers)).toEqual([
    { accepted: 1, rejected: [] },
    { accepted: 1, rejected: [] },
  ])
})
