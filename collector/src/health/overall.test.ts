import { describe, expect, it } from 'vitest'
import { overallStatus } from './overall.ts'

const critical = (state: 'up' | 'degraded' | 'down' | 'maintenance' | 'unknown') => ({ state, critical: true })
const lesser = (state: 'up' | 'degraded' | 'down') => ({ state, critical: false })

describe('the overall status', () => {
  it('is CRITICAL while a critical component is down, whatever the others are', () => {
    expect(overallStatus([critical('up'), critical('down'), lesser('degraded')])).toBe('CRITICAL')
  })

  it('is DEGRADED while a component is degraded', () => {
    expect(overallStatus([critical('up'), critical('degraded')])).toBe('DEGRADED')
  })

  it('is DEGRADED while a component that is not critical is down', () => {
    expect(overallStatus([critical('up'), lesser('down')])).toBe('DEGRADED')
  })

  it('is HEALTHY when all are up, under maintenance or not checked yet', () => {
    expect(overallStatus([critical('up'), critical('maintenance'), critical('unknown')])).toBe('HEALTHY')
    expect(overallStatus([])).toBe('HEALTHY')
  })
})
