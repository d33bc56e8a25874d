import { describe, expect, it } from 'vitest'
import type { AppError } from '../lib/errors.ts'
import { createMessages } from './protobuf.ts'

const messages = createMessages({
  Tree: { name: 'string 1', counts: 'repeated uint64 2', children: 'repeated Tree 3', score: 'double 4' },
})
const codeOf = (bytes: Uint8Array) => {
  try {
    messages.decode('Tree', bytes)
    return undefined
  } catch (thrown) {
    return (thrown as AppError).code
  }
}

describe('messages of protobuf', () => {
  it('come back as they were sent, zeros among them, and nothing else', () => {
    const tree = { name: 'a', counts: [1n, 2n ** 64n - 1n], children: [{ name: '' }, {}], score: 0 }
    expect(messages.decode('Tree', messages.encode('Tree', { ...tree, counts: tree.counts.map(String) }))).toEqual(tree)
    expect(messages.decode('Tree', new Uint8Array())).toEqual({})
  })

  it('may hold numbers packed and one by one, and fields that nobody knows', () => {
    expect(messages.decode('Tree', Uint8Array.from([0x12, 2, 1, 2, 0x10, 3, 0x78, 9]))).toEqual({ counts: [1n, 2n, 3n] })
  })

  it('are refused when a small body would make millions of objects', () => {
    const children = Buffer.alloc(3_000_000)
    for (let at = 0; at < children.length; at += 2) children[at] = 0x1a
    expect(codeOf(children)).toBe('INGEST_BODY_TOO_LARGE')
    const packed = Buffer.concat([Buffer.from([0x12, 0x80, 0x89, 0x7a]), Buffer.alloc(2_000_000)])
    expect(codeOf(packed)).toBe('INGEST_BODY_TOO_LARGE')
  })

  it('are refused when they are cut off, lie about their length, or nest without end', () => {
    let nested: Uint8Array = new Uint8Array()
    for (let depth = 0; depth < 120; depth++) nested = wrap(nested)
    for (const bytes of [[0x0a, 5, 97], [0x1a, 200, 1], [0xff], [0x13], nested])
      expect(codeOf(Uint8Array.from(bytes)), String(bytes)).toBe('BAD_REQUEST')
  })
})

/** One level more: field 3 around the bytes. */
function wrap(inner: Uint8Array): Uint8Array {
  const length = inner.length < 128 ? [inner.length] : [(inner.length % 128) + 128, Math.floor(inner.length / 128)]
  return Uint8Array.from([0x1a, ...length, ...inner])
}
