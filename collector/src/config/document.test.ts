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
    expect(problems.map(({ message }) => message)).toEqual([
      'line 1 uses ${ONE}, which is not set in the environment',
      'line 3 uses ${TWO}, which is not set in the environment',
    ])
  })

  it('may be empty', () => {
    expect(readDocument('', {}).data).toEqual({})
    expect(readDocument('# nothing yet\n', {}).data).toEqual({})
  })

  it('says which line is not YAML, and that a key stands twice', () => {
    expect(readDocument('a: 1\nb: [1, 2\n', {}).problems[0]?.message).toContain('is not YAML')
    expect(readDocument('a: 1\na: 2\n', {}).problems[0]?.message).toContain('line 2')
  })

  it('finds the line of a value, or of the nearest parent', () => {
    const { lineOf } = readDocument('server:\n  host: a\nreceivers:\n  - name: x\n  - name: y\n    type: log\n', {})
    expect(lineOf(['receivers', 1, 'type'])).toBe(6)
    expect(lineOf(['receivers', 1, 'missing'])).toBe(5)
    expect(lineOf(['nothing'])).toBeUndefined()
  })
})
