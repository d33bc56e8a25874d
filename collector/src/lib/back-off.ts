/** After this long without success a message is given up. */
export const giveUpAfterMs = 15 * 60_000
const firstDelayMs = 1000
const longestDelayMs = 60_000

/** Whole milliseconds, as they are stored. Doubles each time up to a minute; half of it is random, so that receivers are not hit in step. */
export function backOffMs(attempts: number, random: () => number): number {
  const fullMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempts - 1))
  return Math.round(fullMs / 2 + (fullMs / 2) * random())
}
