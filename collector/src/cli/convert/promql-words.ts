/** An expression that cannot be read, or says what no rule can; the message says which part, and what to do. */
export class ExpressionProblem extends Error {}

const word =
  /\s+|#[^\n]*|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\d+(?:\.\d+)?(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*|0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[a-zA-Z_:][\w:]*|=~|!~|==|!=|<=|>=|[-+*/%^<>=(){}[\],@:])/giy

export type Reader = {
  /** The next word, which stays; empty at the end. */
  peek(): string
  take(): string
  expect(wanted: string): void
}

/** An expression word by word, without comments and space. */
export function createReader(text: string): Reader {
  const words: string[] = []
  word.lastIndex = 0
  while (word.lastIndex < text.length) {
    const at = word.lastIndex
    const found = word.exec(text)
    if (!found) throw new ExpressionProblem(`cannot be read from here on: ${text.slice(at, at + 20)}`)
    if (found[1] !== undefined) words.push(found[1])
  }
  let place = 0
  const peek = () => words[place] ?? ''
  const take = () => words[place++] ?? ''
  return {
    peek,
    take,
    expect(wanted) {
      const given = take()
      if (given !== wanted) throw new ExpressionProblem(`"${wanted}" is expected in place of ${given === '' ? 'the end' : `"${given}"`}`)
    },
  }
}
