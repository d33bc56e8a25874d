/** Does something with each of many, a few at a time; answers with what was thrown. */
export async function forEachOf<T>(all: readonly T[], atOnce: number, act: (one: T) => Promise<void>): Promise<unknown[]> {
  const waiting = [...all]
  const thrown: unknown[] = []
  const work = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await act(one).catch((reason) => thrown.push(reason))
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, work))
  return thrown
}
