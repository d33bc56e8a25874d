import { describe, expect, it } from 'vitest'
import { describeExpectedStatus, expectedStatusSchema, isExpectedStatus } from './expected-status.ts'

describe('the expected status', () => {
  it.each([
    [204, 204, true],
    [204, 200, false],
    ['200-399', 200, true],
    ['200-399', 399, true],
    ['200-399', 400, false],
    [[200, '401-403'], 402, true],
    [[200, '401-403'], 400, false],
  ])('%j meets %i: %s', (expected, found, verdict) => {
    expect(isExpectedStatus(expectedStatusSchema.parse(expected), found)).toBe(verdict)
  })

  it.each([['399-200'], ['2xx'], [99], ['200-'], [[]]])('is refused as %j', (wrong) => {
    expect(expectedStatusSchema.safeParse(wrong).success).toBe(false)
  })

  it('reads like a sentence', () => {
    expect(describeExpectedStatus([204, '300-399'])).toBe('204 or 300–399')
  })
})
