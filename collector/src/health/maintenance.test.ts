import { describe, expect, it } from 'vitest'
import { isInMaintenance, maintenanceSchema } from './maintenance.ts'

const isIn = (window: unknown, at: string) => isInMaintenance([maintenanceSchema.parse(window)], Date.parse(at))

describe('a maintenance window', () => {
  it('given once includes its start and not its end', () => {
    const window = { from: '2026-01-01T10:00:00Z', to: '2026-01-01T11:00:00Z' }
    expect(isIn(window, '2026-01-01T09:59:59Z')).toBe(false)
    expect(isIn(window, '2026-01-01T10:00:00Z')).toBe(true)
    expect(isIn(window, '2026-01-01T11:00:00Z')).toBe(false)
  })

  it('given weekly holds on its weekdays only', () => {
    // 4 January 2026 is a Sunday.
    const window = { weekdays: ['sun'], start: '02:00', end: '04:00' }
    expect(isIn(window, '2026-01-04T02:00:00Z')).toBe(true)
    expect(isIn(window, '2026-01-04T04:00:00Z')).toBe(false)
    expect(isIn(window, '2026-01-05T03:00:00Z')).toBe(false)
  })

  it('that crosses midnight belongs to the day on which it starts', () => {
    const window = { weekdays: ['sat'], start: '23:00', end: '01:00' }
    expect(isIn(window, '2026-01-03T23:30:00Z')).toBe(true)
    expect(isIn(window, '2026-01-04T00:30:00Z')).toBe(true)
    expect(isIn(window, '2026-01-04T23:30:00Z')).toBe(false)
    expect(isIn(window, '2026-01-03T00:30:00Z')).toBe(false)
  })

  it('follows the clock on the wall of its time zone through summer time', () => {
    const window = { start: '02:00', end: '03:00', timezone: 'Europe/Berlin' }
    expect(isIn(window, '2026-01-15T01:30:00Z')).toBe(true)
    expect(isIn(window, '2026-07-15T00:30:00Z')).toBe(true)
    expect(isIn(window, '2026-07-15T01:30:00Z')).toBe(false)
  })

  it('may last a whole day', () => {
    const window = { weekdays: ['mon'], start: '00:00', end: '24:00' }
    expect(isIn(window, '2026-01-05T23:59:59Z')).toBe(true)
    expect(isIn(window, '2026-01-06T00:00:00Z')).toBe(false)
  })

  it.each([
    [{ start: '25:00', end: '04:00' }],
    [{ start: '02:00', end: '02:00' }],
    [{ start: '02:00', end: '04:00', timezone: 'Mars/Olympus' }],
    [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
    [{ from: 'tomorrow', to: '2026-01-01T00:00:00Z' }],
  ])('written as %j is refused', (window) => {
    expect(maintenanceSchema.safeParse(window).success).toBe(false)
  })
})
