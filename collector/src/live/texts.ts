/** Stands for texts by numbers, so that samples of text lie where samples of numbers do. */
export type Texts = {
  /** Equal for equal texts, whenever they come. */
  code(text: string): number
  /** Undefined for a text that was seen too long ago. */
  of(code: number): string | undefined
}

/** Texts that are remembered for people to read; the numbers hold without them. */
const textsMax = 10_000

export function createTexts(): Texts {
  const byCode = new Map<number, string>()
  const byText = new Map<string, number>()

  function forgetOldest(): void {
    const [code, text] = byCode.entries().next().value as [number, string]
    byCode.delete(code)
    byText.delete(text)
  }

  return {
    code(text) {
      const known = byText.get(text)
      if (known !== undefined) return known
      const code = hashOf(text)
      byCode.set(code, text)
      byText.set(text, code)
      if (byText.size > textsMax) forgetOldest()
      return code
    },
    of: (code) => byCode.get(code),
  }
}

const [seedOne, seedTwo] = [0xdeadbeef, 0x41c6ce57]
const [primeOne, primeTwo] = [2_654_435_761, 1_597_334_677]

/** 53 bits from two running hashes: of a million texts two are alike once in ten thousand times. */
function hashOf(text: string): number {
  let one = seedOne
  let two = seedTwo
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    one = Math.imul(one ^ unit, primeOne)
    two = Math.imul(two ^ unit, primeTwo)
  }
  one = Math.imul(one ^ (one >>> 16), primeTwo) ^ two
  two = Math.imul(two ^ (two >>> 13), primeOne) ^ one
  return (two >>> 11) * 2 ** 32 + (one >>> 0)
}
