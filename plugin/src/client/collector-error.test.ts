import { describe, expect, it } from 'vitest'
import { CollectorError, toCollectorError } from './collector-error.ts'

describe('toCollectorError', () => {
  it("keeps the collector's own words and code", () => {
    const thrown = {
      status: 422,
      data: { error: { code: 'QUERY_TOO_MANY_SERIES', message: 'cpu by host gives 9,000 series.', requestId: 'r1' } },
    }
    expect(toCollectorError(thrown)).toMatchObject({
      code: 'QUERY_TOO_MANY_SERIES',
      message: 'cpu by host gives 9,000 series.',
      status: 422,
      requestId: 'r1',
    })
  })

  it('says what to do when nothing answers', () => {
    const error = toCollectorError({ status: 0, message: 'Failed to fetch', data: {} })
    expect(error).toMatchObject({ code: 'UNREACHABLE', status: 0 })
    expect(error.message).toContain('Check that it runs')
  })

  it("explains the statuses that Grafana's proxy gives", () => {
    expect(toCollectorError({ status: 502, data: { message: 'Bad Gateway' } }).message).toContain('Grafana cannot reach the collector')
    expect(toCollectorError({ status: 403, data: { message: 'Access denied' } }).message).toContain('need Editor')
  })

  it('tells a cancelled request from a failed one', () => {
    expect(toCollectorError({ status: 0, cancelled: true, data: {} }).code).toBe('CANCELLED')
  })

  it('survives whatever was thrown', () => {
    for (const thrown of [undefined, null, 'broken', 7, {}, { status: 'x' }, { status: 418 }]) {
      expect(toCollectorError(thrown)).toBeInstanceOf(CollectorError)
      expect(toCollectorError(thrown).message).not.toBe('')
    }
  })
})
