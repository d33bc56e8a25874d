/** Numbers that the same seed gives again: a failing run can be repeated. */
export type Random = {
  /** A whole number from 0, below `end`. */
  below(end: number): number
  chance(share: number): boolean
  pick<Item>(items: readonly Item[]): Item
}

/** Tommy Ettinger's Mulberry32: a page of state is more than a test needs. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number) => Math.floor(next() * end)
  return { below, chance: (share) => next() < share, pick: <Item>(items: readonly Item[]) => items[below(items.length)] as Item }
}
