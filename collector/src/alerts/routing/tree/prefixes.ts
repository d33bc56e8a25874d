/** What a text must not hold to stand for itself. */
const special = /[\^$.*+?()[\]{}|\\]/
const maybeNone = /[*?{]/

/** Between so many no list is worth looking in. */
const prefixesMax = 50

/**
 * The beginnings of all that an expression can take: `web-.*` takes texts that begin with `web-`, and `a.*|bc?` those that
 * begin with `a` or `b`. Null: where that cannot be told, or it takes others, too.
 */
export function prefixesOf(source: string): readonly string[] | null {
  const parts = partsOf(source)
  if (parts === null || parts.length > prefixesMax) return null
  const prefixes = parts.map(prefixOf)
  return prefixes.includes('') ? null : [...new Set(prefixes)]
}

/** Splits at each `|` that stands in no brackets; null: brackets that do not match. */
function partsOf(source: string): readonly string[] | null {
  const parts: string[] = []
  let [begin, depth, isClass] = [0, 0, false]
  for (let at = 0; at < source.length; at++) {
    const character = source[at]
    if (character === '\\') at++
    else if (isClass) isClass = character !== ']'
    else if (character === '[') isClass = true
    else if (character === '(') depth++
    else if (character === ')') depth--
    else if (character === '|' && depth === 0) {
      parts.push(source.slice(begin, at))
      begin = at + 1
    }
  }
  return depth === 0 && !isClass ? [...parts, source.slice(begin)] : null
}

function prefixOf(part: string): string {
  let prefix = ''
  for (let at = 0; at < part.length; at++) {
    const character = part[at] ?? ''
    if (!special.test(character)) prefix += character
    // What may come no time at all begins nothing.
    else return maybeNone.test(character) ? prefix.slice(0, -1) : prefix
  }
  return prefix
}
