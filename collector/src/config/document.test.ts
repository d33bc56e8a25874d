// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of the configuration file is what is tested.
import { describe, expect, it } from 'vitest'
import { readDocument } from './document.ts'

describe('a configuration file', () => {
  it('takes values from the environment, inside texts too', () => {
    const { data } = readDocument('url: "https://${HOST}/x"\nraw: $${HOST}\nlist: [a, "${N}"]', { HOST: 'example.org', N: '5' })
    expect(data).toEqual({ url: 'https://example.org/x', raw: '${HOST}', list: ['a', '5'] })
  })

  it('names every unset variable and its line', () => {
    const { problems } = readDocument('a: ${ONE}\nb: x\nc: ${TWO}', {})
    expect(problems.map(({ message, place }) => [message, place])).toEqual([
      ['${ONE} is not set in the environment', { line: 1, column: 4 }],
      ['${TWO} is not set in the environment', { line: 3, column: 4 }],
    ])
  })

  it('may be empty', () => {
    expect(readDocument('', {}).data).toEqual({})
    expect(readDocument('# nothing yet\n', {}).data).toEqual({})
  })

  it('says which line is not YAML, and that a key stands twice', () => {
    expect(readDocument('a: 1\nb: [1, 2\n', {}).problems[0]?.message).toContain('is not YAML')
    expect(readDocument('a: 1\na: 2\n', {}).problems[0]).toMatchObject({ message: expect.stringContaining('twice'), place: { line: 2 } })
  })

  it('finds the place of a value, of a key that is wrong, or of the nearest parent', () => {
    const { placeOf } = readDocument('server:\n  host: a\nreceivers:\n  - name: x\n  - name: y\n    type: log\n', {})
    const at = (path: readonly PropertyKey[], isKey = false) => placeOf({ path, message: '', isKey })
    expect(at(['receivers', 1, 'type'])).toEqual({ line: 6, column: 11 })
    expect(at(['receivers', 1, 'type'], true)).toEqual({ line: 6, column: 5 })
    expect(at(['receivers', 1, 'missing'])).toEqual({ line: 5, column: 5 })
    expect(at(['server'], true)).toEqual({ line: 1, column: 1 })
    expect(at(['nothing'])).toBeUndefined()
  })
})
