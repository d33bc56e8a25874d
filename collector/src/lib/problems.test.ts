import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseWith } from './problems.ts'
import { didYouMean } from './words.ts'

const schema = z.strictObject({
  name: z.string(),
  level: z.enum(['info', 'warn']).default('info'),
  count: z.int().optional(),
  send: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('slack'), channel: z.string() }),
        z.strictObject({ type: z.literal('log') }),
      ]),
    )
    .default([]),
})

const problemsOf = (value: unknown) => parseWith(schema, value).problems.map(({ path, message }) => `${path.join('.')}: ${message}`)

describe('problems', () => {
  it('are all told at once, each with its path', () => {
    expect(problemsOf({ level: 'wran', count: 1.5, nmae: 'x' })).toEqual([
      'name: is missing (a text)',
      'level: must be one of info, warn, did you mean "warn"?',
      'count: must be a whole number',
      'nmae: unknown key, did you mean "name"?',
    ])
  })

  it('know the keys of the kind that was chosen', () => {
    expect(problemsOf({ name: 'a', send: [{ type: 'slack', channel: 'x', chanel: 'x', zzz: 1 }] })).toEqual([
      'send.0.chanel: unknown key, did you mean "channel"?',
      'send.0.zzz: unknown key; there are type, channel',
    ])
    expect(problemsOf({ name: 'a', send: [{ type: 'slak' }] })).toEqual(['send.0.type: must be one of slack, log, did you mean "slack"?'])
  })

  it('suggest a word only when it is near', () => {
    expect(didYouMean('chanel', ['channel', 'name'])).toBe(', did you mean "channel"?')
    expect(didYouMean('colour', ['channel', 'name'])).toBe('')
  })
})
