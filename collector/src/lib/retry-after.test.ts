import { expect, test } from 'vitest'
import { redactUrl } from './redact-url.ts'
import { parseRetryAfter } from './retry-after.ts'

const nowMs = Date.UTC(2026, 0, 1)

test.each([
  ['7', 7000],
  ['0.35', 350],
  ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ['999999', 3_600_000],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('reads Retry-After %j as %j ms', (header, waitMs) => {
  expect(parseRetryAfter(header, nowMs)).toBe(waitMs)
})

test('keeps nothing of an address but its host', () => {
  expect(redactUrl('https://user:pw@hooks.example.org:8443/services/T0/B0/secret?token=x')).toBe('https://hooks.example.org:8443/…')
  expect(redactUrl('nonsense')).toBe('the address')
})
