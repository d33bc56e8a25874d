import { expect, it } from 'vitest'
import { toReplayParts } from './replay-parts.ts'

it('takes a file, a list of rules, or one rule', () => {
  expect(toReplayParts('rules:\n  - name: Slow\nroute: { receiver: ops }\nserver: { port: 1 }')).toEqual({
    rules: [{ name: 'Slow' }],
    route: { receiver: 'ops' },
  })
  expect(toReplayParts('- name: Slow\n- name: Hot')).toEqual({ rules: [{ name: 'Slow' }, { name: 'Hot' }] })
  expect(toReplayParts('name: Slow\nseverity: high')).toEqual({ rules: [{ name: 'Slow', severity: 'high' }] })
})

it.each([
  ['', 'is no mapping'],
  ['just words', 'is no mapping'],
  ['server: { port: 1 }', 'holds none of rules'],
  ['rules: [', 'is not YAML'],
])('says what is wrong with %j', (text, message) => {
  expect(() => toReplayParts(text)).toThrow(message)
})
