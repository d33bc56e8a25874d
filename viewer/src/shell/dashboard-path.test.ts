import { describe, expect, it } from 'vitest'
import { toDashboardPath } from './dashboard-path.ts'

describe('toDashboardPath', () => {
  it('takes a fixed span of time along', () => {
    expect(toDashboardPath('alerts', '?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&var-host=a')).toBe(
      '/d/alerts?from=2026-01-01T00%3A00%3A00Z&to=2026-01-01T01%3A00%3A00Z',
    )
  })

  it.each(['', '?from=now-1h&to=now', '?from=2026-01-01T00:00:00Z&to=now'])(
    'lets a dashboard begin with its own span after %j',
    (search) => {
      expect(toDashboardPath('alerts', search)).toBe('/d/alerts')
    },
  )
})
