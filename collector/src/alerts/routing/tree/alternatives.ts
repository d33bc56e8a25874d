const special = /[\^$.*+?()[\]{}]/

/** Between so many no list is worth looking in. */
const alternativesMax = 50

/**
 * The texts that an expression takes when it only names them: `a|b`, `(a|b)`, and `web-1\.example`, which is
 * `web-1.example`. Null: more than can be told.
 */
export function alternativesOf(source: string): readonly string[] | null {
  const inner = /^\((?:\?:)?(.*)\)$/s.exec(source)?.[1] ?? source
  const texts = ['']
  for (let at = 0; at < inner.length; at++) {
    const isEscaped = inner[at] === '\\'
    const character = inner[isEscaped ? ++at : at] ?? ''
    // An escaped letter is a class or a control character.
    if (isEscaped ? /^[a-zA-Z0-9]?$/.test(character) : special.test(character)) return null
    if (character === '|' && !isEscaped) texts.push('')
    else texts[texts.length - 1] += character
    if (texts.length > alternativesMax) return null
  }
  return [...new Set(texts)]
}
