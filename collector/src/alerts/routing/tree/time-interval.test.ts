import { describe, expect, test } from 'vitest'
import { isWithin } from './time-interval.ts'
import { namedIntervalSchema } from './time-interval-schema.ts'

const within = (interval: object, at: string): boolean =>
  isWithin(namedIntervalSchema.parse({ name: 'x', time_intervals: [interval] }), Date.parse(at))

describe('an interval', () => {
  test('holds from its start up to, but not at, its end', () => {
    const office = { times: [{ start_time: '09:00', end_time: '17:00' }] }
    expect(['08:59:59', '09:00:00', '16:59:59', '17:00:00'].map((time) => within(office, `2026-03-02T${time}Z`))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test('may reach to the end of the day', () => {
    const night = { times: [{ start_time: '22:00', end_time: '24:00' }] }
    expect(within(night, '2026-03-02T23:59:59Z')).toBe(true)
    expect(within(night, '2026-03-03T00:00:00Z')).toBe(false)
  })

  test('holds when each field has a range that holds', () => {
    const workdays = { weekdays: ['monday:friday'], months: ['january:march', '12'], years: ['2026:2027'] }
    expect(within(workdays, '2026-03-02T12:00:00Z')).toBe(true)
    expect(within(workdays, '2026-03-01T12:00:00Z')).toBe(false)
    expect(within(workdays, '2026-04-01T12:00:00Z')).toBe(false)
    expect(within(workdays, '2026-12-31T12:00:00Z')).toBe(true)
    expect(within(workdays, '2028-03-01T12:00:00Z')).toBe(false)
    expect(within({ weekdays: ['sunday'] }, '2026-03-01T12:00:00Z')).toBe(true)
  })

  test.each([
    ['-1', '2026-02-28', true],
    ['-1', '2028-02-28', false],
    ['-1', '2028-02-29', true],
    ['-3:-1', '2026-04-28', true],
    ['-3:-1', '2026-04-27', false],
    ['29:31', '2026-02-28', false],
    ['28:31', '2026-02-28', true],
    ['-31:2', '2026-04-01', true],
    ['1:-1', '2026-02-14', true],
    ['1:-2', '2026-02-27', true],
    ['1:-2', '2026-02-28', false],
    ['5:10', '2026-02-10', true],
    ['5:10', '2026-02-11', false],
  ])('days_of_month %s on %s: %j', (range, day, expected) => {
    expect(within({ days_of_month: [range] }, `${day}T12:00:00Z`)).toBe(expected)
  })

  test('that has several parts holds while one of them does', () => {
    const parts = namedIntervalSchema.parse({ name: 'x', time_intervals: [{ weekdays: ['monday'] }, { months: ['may'] }] })
    const holds = (day: string) => isWithin(parts, Date.parse(`${day}T12:00:00Z`))
    expect(['2026-03-02', '2026-05-05', '2026-03-03'].map(holds)).toEqual([true, true, false])
  })

  test('goes by the clocks of its place, in winter and in summer', () => {
    const office = { times: [{ start_time: '09:00', end_time: '17:00' }], location: 'Europe/Berlin' }
    expect([within(office, '2026-01-15T08:00:00Z'), within(office, '2026-01-15T07:59:00Z')]).toEqual([true, false])
    expect([within(office, '2026-07-15T07:00:00Z'), within(office, '2026-07-15T06:59:00Z')]).toEqual([true, false])
  })

  test('an hour that the clocks skip does not come, and one that comes twice holds twice', () => {
    const small = { times: [{ start_time: '02:00', end_time: '03:00' }], location: 'Europe/Berlin' }
    const hours = (day: string) => Array.from({ length: 24 }, (_, hour) => within(small, `${day}T${String(hour).padStart(2, '0')}:30:00Z`))
    expect(hours('2026-03-29').filter(Boolean)).toHaveLength(0)
    expect(hours('2026-10-25').filter(Boolean)).toHaveLength(2)
  })
})

test.each([
  [{ times: [{ start_time: '22:00', end_time: '06:00' }] }, 'write a night as two'],
  [{ times: [{ start_time: '09:00', end_time: '09:00' }] }, 'must come after start_time'],
  [{ weekdays: ['monday:fridy'] }, 'is not a weekday'],
  [{ months: ['1:2:3'] }, 'is not a month'],
  [{ days_of_month: ['1:x'] }, 'is not a day of the month'],
  [{ days_of_month: ['32'] }, 'is not a day of the month'],
  [{ times: [{ start_time: '9:00', end_time: '10:00' }] }, 'must be a time such as 09:00'],
  [{ weekdays: ['friday:monday'] }, 'ends before it starts'],
  [{ weekdays: ['mon'] }, 'is not a weekday'],
  [{ days_of_month: ['0'] }, 'is not a day of the month'],
  [{ days_of_month: ['5:1'] }, 'ends before it starts'],
  [{ months: ['13'] }, 'is not a month'],
  [{ location: 'Europe/Nowhere' }, 'must be a time zone'],
])('refuses %j', (interval, why) => {
  expect(namedIntervalSchema.safeParse({ name: 'x', time_intervals: [interval] }).error?.message).toContain(why)
})
