const firstMs = 500
const longestMs = 30_000

/** How long to wait after so many failures in a row: doubling with jitter, and never less than the store asked for. */
export function delayAfter(failures: number, random: () => number, retryAfterMs = 0): number {
  const wholeMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 16))
  return Math.max(wholeMs / 2 + (wholeMs / 2) * random(), retryAfterMs)
}
