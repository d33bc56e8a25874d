/** Cuts a text to a length in UTF-16 units, with an ellipsis for what fell; never through a character. */
export function trim(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  const kept = text.slice(0, Math.max(0, lengthMax - 1))
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}

export const bytesOf = (text: string): number => Buffer.byteLength(text)

/**
 * The body that says most and is still no longer than the receiver takes.
 *
 * `build` is asked with ever fewer alerts, at last with ever shorter texts; it says itself how many it left out.
 */
export function fitBody(alertsMost: number, bytesMax: number, build: (alertsMax: number, textMax: number) => string): string {
  let body = ''
  for (const textMax of [1000, 300, 80]) {
    for (let alertsMax = alertsMost; alertsMax >= 1; alertsMax = Math.floor(alertsMax / 2)) {
      body = build(alertsMax, textMax)
      if (bytesOf(body) <= bytesMax) return body
    }
  }
  return body
}
