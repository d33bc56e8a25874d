import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Counts, for tests, what is in the maps and sets that are made from now on, by the file that made them: in memory that
 * only grows with the names of pods nothing else tells so where it grew. Those of tests and fakes do not count.
 */
export function watchCollections() {
  const made: { readonly ref: WeakRef<{ readonly size: number }>; readonly where: string }[] = []
  const plain = { Map: globalThis.Map, Set: globalThis.Set }

  function note(one: { readonly size: number }): void {
    const where = whereFrom(new Error('made').stack ?? '')
    if (where !== undefined) made.push({ ref: new WeakRef(one), where })
  }

  globalThis.Map = class<Key, Value> extends plain.Map<Key, Value> {
    constructor(entries?: Iterable<readonly [Key, Value]> | null) {
      super(entries)
      note(this)
    }
  } as MapConstructor
  globalThis.Set = class<Value> extends plain.Set<Value> {
    constructor(values?: Iterable<Value> | null) {
      super(values)
      note(this)
    }
  } as SetConstructor

  return {
    /** How many entries there are by now in those that somebody still holds. */
    async entries(): Promise<Readonly<Record<string, number>>> {
      await new Promise((resolve) => setImmediate(resolve))
      collectGarbage()
      const totals: Record<string, number> = {}
      for (const { ref, where } of made) totals[where] = (totals[where] ?? 0) + (ref.deref()?.size ?? 0)
      return totals
    },
    /** Makes collections as ever. */
    stop: (): void => void Object.assign(globalThis, plain),
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

/** Of the nearest line that is not of this file: `routing/groups/cooldowns.ts`. */
function whereFrom(stack: string): string | undefined {
  const line = stack.split('\n').find((one) => one.includes('/alerts/') && !one.includes('fake-collections'))
  const where = /\/alerts\/([\w/.-]+\.ts)/.exec(line ?? '')?.[1]
  return where === undefined || /test\.ts|fake-|scenario/.test(where) ? undefined : where
}
