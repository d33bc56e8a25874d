/** Does something with each of many; between slices everything else has its turn. */
export async function inSlices<One>(all: readonly One[], size: number, work: (slice: readonly One[]) => void): Promise<void> {
  for (let from = 0; from < all.length; from += size) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve))
    work(all.slice(from, from + size))
  }
}
