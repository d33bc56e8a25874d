/** A text for people in our notation, and what of it could not be said. */
export type ConvertedText = { readonly text: string; readonly notes: readonly string[] }

const tag = /\{\{-?\s*([\s\S]*?)\s*-?\}\}/g
const label = /^(?:\$labels|\.Labels)\.(\w+)$/
const indexed = /^index\s+\$labels\s+"(\w+)"$/
const value = /^(?:\$value|\.Value)$/

/** Prometheus's templates are Go's; of those, ours know labels and the value. Our values are written for people as they are. */
export function toOurText(text: string): ConvertedText {
  const notes: string[] = []
  const converted = text.replace(tag, (whole: string, inside: string) => {
    const named = ofPipe(inside)
    if (named === undefined) {
      notes.push(`${whole} has no counterpart and became "…"`)
      return '…'
    }
    if (inside.includes('humanizePercentage')) notes.push('{{value}} is a share of 1, where humanizePercentage wrote percent')
    return `{{${named}}}`
  })
  return { text: converted, notes }
}

/** What is written in the end: `$value | humanize`, `printf "%.2f" $value`, `humanize $value`. */
function ofPipe(inside: string): string | undefined {
  const first = inside.split('|')[0]?.trim() ?? ''
  const bare = first.replace(/^(?:printf\s+"[^"]*"|humanize\w*|toUpper|toLower|title)\s+/, '').trim()
  const name = label.exec(bare)?.[1] ?? indexed.exec(bare)?.[1]
  if (name !== undefined) return `labels.${name}`
  return value.test(bare) ? 'value' : undefined
}
