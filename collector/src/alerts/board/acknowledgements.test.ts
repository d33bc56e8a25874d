import { describe, expect, test } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { Acknowledgement, AlertRecords } from '../../model/alert-records.ts'
import { createAcknowledgements } from './acknowledgements.ts'

const hour = 3_600_000

/** Acknowledgements of three alerts on a disk that notes what is written at once, and fails when told so. */
function start() {
  const clock = createFakeClock()
  const disk = { writes: [] as string[][], isFull: false }
  let open: string[] | null = null
  const note = (what: string) => {
    if (disk.isFull) throw new Error('no room')
    if (open) open.push(what)
    else disk.writes.push([what])
  }
  const taken = ['a', 'b', 'c'].map((alertId) => ({ alertId, untilMs: alertId === 'c' ? null : clock.now() + hour })) as Acknowledgement[]
  const records = {
    acknowledgements: () => taken,
    acknowledge: ({ alertId, untilMs }: Acknowledgement) => note(`${alertId} until ${untilMs}`),
    unacknowledge: (alertId: string) => note(`${alertId} let go`),
  } as Partial<AlertRecords> as AlertRecords
  const transaction = (work: () => void) => {
    open = []
    try {
      work()
      disk.writes.push(open)
    } finally {
      open = null
    }
  }
  return { clock, disk, acknowledgements: createAcknowledgements({ records, transaction, clock, log: silentLog }) }
}

describe('acknowledgements', () => {
  test('move with the clock in one write, those without an end not at all', () => {
    const { clock, disk, acknowledgements } = start()
    const untilMs = clock.now() + 3 * hour
    clock.jump(2 * hour)
    expect(acknowledgements.get('a')?.untilMs).toBe(untilMs)
    expect(disk.writes).toEqual([[`a until ${untilMs}`, `b until ${untilMs}`]])
  })

  test('that are over go in one write, and those that nobody knows cost none', () => {
    const { disk, acknowledgements } = start()
    acknowledgements.release(['a', 'x', 'c'])
    acknowledgements.release(['a', 'x'])
    expect(disk.writes).toEqual([['a let go', 'c let go']])
  })

  test('that are over are so on a full disk, too', () => {
    const { disk, acknowledgements } = start()
    disk.isFull = true
    acknowledgements.release(['a', 'b'])
    expect(['a', 'b', 'c'].filter((id) => acknowledgements.get(id))).toEqual(['c'])
  })
})
