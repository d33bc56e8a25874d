/** Gives the event loop a turn now and then, in the middle of long work. */
export type Pace = {
  /** Says that so much work was done. Resolves at once, unless it is time for a turn. */
  after(rows: number): Promise<void>
}

/** About 5 ms of work with rows: others wait no longer than that. */
const rowsPerTurn = 10_000

const oneTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

export function createPace(turn: () => Promise<void> = oneTurn): Pace {
  let done = 0
  return {
    async after(rows) {
      done += rows
      if (done < rowsPerTurn) return
      done = 0
      await turn()
    },
  }
}

const sortedAtOnce = 4096

/** Sorts in place, piece by piece. What is in order already, as most answers are, is only looked at. */
export async function sortPaced<Item>(items: Item[], compare: (a: Item, b: Item) => number, pace: Pace): Promise<void> {
  if (await isSorted(items, compare, pace)) return
  for (let begin = 0; begin < items.length; begin += sortedAtOnce) {
    const piece = items.slice(begin, begin + sortedAtOnce).sort(compare)
    for (const [i, item] of piece.entries()) items[begin + i] = item
    await pace.after(piece.length)
  }
  let from = items
  let to = new Array<Item>(items.length)
  for (let width = sortedAtOnce; width < items.length; width *= 2) {
    for (let begin = 0; begin < items.length; begin += width * 2) await merge(from, to, begin, width, compare, pace)
    ;[from, to] = [to, from]
  }
  if (from === items) return
  for (let i = 0; i < items.length; i++) items[i] = from[i] as Item
}

async function isSorted<Item>(items: readonly Item[], compare: (a: Item, b: Item) => number, pace: Pace): Promise<boolean> {
  for (let i = 1; i < items.length; i++) {
    if (compare(items[i - 1] as Item, items[i] as Item) > 0) return false
    if (i % sortedAtOnce === 0) await pace.after(sortedAtOnce)
  }
  return true
}

/** Merges two sorted neighbours of this width; at a tie the earlier one stays before. */
async function merge<Item>(
  from: readonly Item[],
  to: Item[],
  begin: number,
  width: number,
  compare: (a: Item, b: Item) => number,
  pace: Pace,
): Promise<void> {
  const middle = Math.min(begin + width, from.length)
  const end = Math.min(begin + width * 2, from.length)
  let left = begin
  let right = middle
  for (let i = begin; i < end; i++) {
    const takesLeft = left < middle && (right >= end || compare(from[left] as Item, from[right] as Item) <= 0)
    to[i] = from[takesLeft ? left++ : right++] as Item
    if (i % sortedAtOnce === 0) await pace.after(sortedAtOnce)
  }
}
