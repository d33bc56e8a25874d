import { expect } from 'vitest'
import { valuesOf } from './collector.ts'

const writers = ['w0', 'w1', 'w2', 'w3']
const pointsPerBatch = 50
/** Where the points of the load begin; each has a time of its own. */
const startMs = 1_700_000_000_000

export type LoadOptions = {
  /** Asked before each request; a promise holds the writers back while nobody is there. */
  readonly address: () => string | Promise<string>
  /** Whether a request may fail because whoever answers is gone. */
  readonly mayVanish?: boolean
  /** Answers besides 204 that are no mistake: nothing of theirs counts as acknowledged. */
  readonly mayRefuse?: readonly number[]
}

export type Load = Awaited<ReturnType<typeof startLoad>>

type Written = {
  readonly ids: Set<number>
  /** Of the one point that each batch writes anew. */
  newestSent: number
  newestAcknowledged: number
}

/**
 * Connections that push until they are told to stop, and remember what was acknowledged.
 *
 * Each batch has points of its own, and one more that it rewrites: of that one the newest value must
 * be found in the end.
 */
export function startLoad({ address, mayVanish = false, mayRefuse = [] }: LoadOptions) {
  const written = new Map<string, Written>(
    writers.map((writer) => [writer, { ids: new Set<number>(), newestSent: -1, newestAcknowledged: -1 }]),
  )
  const waiting = new Set<{ isReached: () => boolean; resolve: () => void }>()
  let refusals = 0
  let stopped = false

  const total = () => [...written.values()].reduce((sum, { ids }) => sum + ids.size, 0)

  function tellWaiting(): void {
    for (const one of waiting) {
      if (!one.isReached() && !stopped) continue
      waiting.delete(one)
      one.resolve()
    }
  }

  async function send(writer: string, batch: number, to: Written): Promise<void> {
    const url = await address()
    const ids = Array.from({ length: pointsPerBatch }, (_, index) => batch * pointsPerBatch + index)
    const lines = ids.map((id) => `load,writer=${writer} id=${id}i ${startMs + id}`)
    to.newestSent = batch
    const body = [...lines, `rewritten,writer=${writer} batch=${batch}i ${startMs}`].join('\n')
    const answer = await fetch(`${url}/write?db=a&precision=ms`, { method: 'POST', body }).catch((thrown) => {
      if (!mayVanish) throw thrown
    })
    if (answer === undefined) return
    const said = await answer.text().catch(() => '')
    if (answer.status !== 204) {
      if (!mayRefuse.includes(answer.status)) throw new Error(`answered ${answer.status}: ${said}`)
      refusals++
      return tellWaiting()
    }
    for (const id of ids) to.ids.add(id)
    to.newestAcknowledged = batch
    tellWaiting()
  }

  async function push([writer, to]: [string, Written]): Promise<void> {
    for (let batch = 0; !stopped; batch++) await send(writer, batch, to)
  }

  const done = Promise.all([...written].map(push))
  // A writer that fails must not leave the test waiting for points that never come.
  const failed = done.then(() => new Promise<never>(() => {}))
  failed.catch(() => undefined)

  const reached = (isReached: () => boolean): Promise<void> =>
    Promise.race([new Promise<void>((resolve) => waiting.add({ isReached, resolve })), failed])

  return {
    /** Resolves when so many further points were acknowledged. */
    more(points: number): Promise<void> {
      const goal = total() + points
      return reached(() => total() >= goal)
    },
    /** Resolves when so many further requests were refused. */
    refused(requests: number): Promise<void> {
      const goal = refusals + requests
      return reached(() => refusals >= goal)
    },
    async stop(): Promise<void> {
      stopped = true
      await done
      tellWaiting()
    },
    /** Every acknowledged point is there, none twice, and of what was rewritten the newest value. */
    async expectAllFound(url: string): Promise<void> {
      for (const [writer, { ids, newestSent, newestAcknowledged }] of written) {
        const where = [{ tag: 'writer', op: '=', value: writer }]
        const found = (await valuesOf(url, 'load', 'id', where)).map(Number)
        const stored = new Set(found)
        expect(stored.size, `${writer}: none twice`).toBe(found.length)
        const lost = [...ids].filter((id) => !stored.has(id))
        expect(lost, `${writer}: none lost of ${ids.size}`).toEqual([])
        const [newest, ...more] = (await valuesOf(url, 'rewritten', 'batch', where)).map(Number)
        expect(more, `${writer}: rewritten, not doubled`).toEqual([])
        expect(newest, `${writer}: the last value won`).toBeGreaterThanOrEqual(newestAcknowledged)
        expect(newest).toBeLessThanOrEqual(newestSent)
      }
    },
  }
}
