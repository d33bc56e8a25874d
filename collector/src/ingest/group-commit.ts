import { AppError } from '../lib/errors.ts'
import type { Batch, Rejection } from '../model/batch.ts'
import type { SeriesField } from '../model/point.ts'
import type { WriteResult } from '../model/store.ts'
import { type BatchBuilder, createBatchBuilder, type Mark, markOf, resetBuilder, roomOf, toBatch, toWholeBatch } from './batch-builder.ts'
import type { ScanResult } from './line-protocol/scan.ts'

/** One request's stretch of a group. */
type Entry = {
  readonly from: Mark
  readonly to: Mark
  readonly lineStart: number
  readonly lineEnd: number
  readonly points: number
  resolve(refused: readonly Rejection[]): void
  reject(thrown: unknown): void
}

type Group = { readonly builder: BatchBuilder; readonly entries: Entry[]; lines: number }

export type GroupCommit = {
  /** Lets `fill` append to the next batch; what the store refused of it, once the rest is durable. */
  submit(fill: (builder: BatchBuilder, linesBefore: number) => ScanResult): { filled: ScanResult; durable: Promise<readonly Rejection[]> }
  /** Resolves when nothing waits or is being written. */
  drained(): Promise<void>
}

type Doors = {
  readonly write: (batch: Batch) => Promise<WriteResult>
  readonly fieldOf: (id: number) => SeriesField
  /** Told of every batch when it is durable. */
  readonly onDurable: (batch: Batch, refused: readonly Rejection[]) => void
  /** Told of every batch that could not be kept for now; its senders are refused. */
  readonly onUnkept: (batch: Batch) => void
  /** A batch with this many points is not joined any more. */
  readonly pointsMax: number
  /** Batches that the store takes at once with profit. */
  readonly writesAtOnce: number
  /** Whether the memory of a batch is free again when its write has settled. */
  readonly reusesMemory: boolean
}

/** Beside a write under way, fewer points are not worth one of their own: they wait for company. */
const pointsOfOwnWrite = 1000

/** Memory of a batch with more values is not kept for the next one: about 5 MB. */
const roomKeptMax = 200_000

/**
 * Merges what arrives while the store writes into the store's next batch.
 *
 * A store commits a large batch for nearly the price of a small one, so under load the batches grow
 * instead of the queue. Where a store takes several at once, only large ones go beside each other.
 * They may overtake each other, but never a write that was answered: that one is durable before
 * anybody can send the next.
 */
export function createGroupCommit({ write, fieldOf, onDurable, onUnkept, pointsMax, writesAtOnce, reusesMemory }: Doors): GroupCommit {
  const waiting: Group[] = []
  const underWay = new Set<Promise<void>>()
  const unused: BatchBuilder[] = []

  function openGroup(): Group {
    const last = waiting.at(-1)
    if (last && last.builder.points < pointsMax) return last
    const group = { builder: unused.pop() ?? createBatchBuilder(fieldOf), entries: [], lines: 0 }
    waiting.push(group)
    return group
  }

  // New memory for every batch costs more than filling it: V8 looks through its whole heap for each 32 MB.
  function reuse({ builder }: Group): void {
    if (!reusesMemory || unused.length > writesAtOnce || roomOf(builder) > roomKeptMax) return
    resetBuilder(builder)
    unused.push(builder)
  }

  function mayBegin({ builder }: Group): boolean {
    return underWay.size === 0 || (underWay.size < writesAtOnce && builder.points >= pointsOfOwnWrite)
  }

  function begin(): void {
    for (let group = waiting[0]; group && mayBegin(group); group = waiting[0]) {
      waiting.shift()
      const written = commit(group).finally(() => {
        underWay.delete(written)
        reuse(group)
        begin()
      })
      underWay.add(written)
    }
  }

  async function commit({ builder, entries }: Group): Promise<void> {
    const whole = toWholeBatch(builder)
    const failure = await writeFor(entries, whole)
    if (failure === undefined) return
    const { thrown } = failure
    const isPassing = thrown instanceof AppError && thrown.retryable
    if (isPassing) onUnkept(whole)
    // One request's points may be what the store cannot take: the others must not suffer for it.
    const mayBeOneToBlame = entries.length > 1 && !isPassing
    for (const entry of entries) {
      const ownFailure = mayBeOneToBlame ? await writeFor([entry], toBatch(builder, entry.from, entry.to)) : failure
      if (ownFailure !== undefined) entry.reject(ownFailure.thrown)
    }
  }

  /** What the store threw, if it did. */
  async function writeFor(entries: readonly Entry[], batch: Batch): Promise<{ thrown: unknown } | undefined> {
    let result: WriteResult
    try {
      result = await write(batch)
    } catch (thrown) {
      return { thrown }
    }
    finish(entries, batch, result)
    return undefined
  }

  function finish(entries: readonly Entry[], batch: Batch, { rejected }: WriteResult): void {
    for (const { lineStart, lineEnd, resolve } of entries) {
      const own = rejected.filter(({ line }) => line >= lineStart && line <= lineEnd)
      resolve(own.map(({ line, reason }) => ({ line: line - lineStart + 1, reason })))
    }
    onDurable(batch, rejected)
  }

  return {
    submit(fill) {
      const group = openGroup()
      const from = markOf(group.builder)
      const filled = fill(group.builder, group.lines)
      if (filled.points === 0) return { filled, durable: Promise.resolve([]) }
      const lineStart = group.lines + 1
      group.lines += filled.lines
      const { promise, resolve, reject } = Promise.withResolvers<readonly Rejection[]>()
      group.entries.push({ from, to: markOf(group.builder), lineStart, lineEnd: group.lines, points: filled.points, resolve, reject })
      begin()
      return { filled, durable: promise }
    },
    async drained() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
