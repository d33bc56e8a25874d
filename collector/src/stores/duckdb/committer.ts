import type { Clock } from '../../lib/clock.ts'
import { AppError, messageOf } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { WrittenRows } from './log/block.ts'
import { addRows, clearRows, createRowSet, type RowSet } from './row-set.ts'

export type CommitterDoors = {
  /** Brings a set into the database, whole or not at all. */
  readonly commit: (set: RowSet) => Promise<void>
  /** Told of the position in the log that the database has reached. */
  readonly onCommitted: (position: number) => void
  readonly position: number
  /** Values that may wait. More are not taken until some are committed. */
  readonly valuesMax: number
  readonly clock: Clock
  readonly log: Log
}

export type Committer = ReturnType<typeof createCommitter>

/**
 * Two row groups of DuckDB: what fills them goes to the file directly, past DuckDB's own log, and a
 * commit of this size takes well under 200 ms, which is what a query may wait.
 */
const commitValues = 245_760
const longestWaitMs = 1000
const retryMs = 1000

/**
 * Brings what the log holds into the database, in large parts and in its order.
 *
 * One set gathers while the other is committed; then they change places.
 */
export function createCommitter({ commit, onCommitted, position, valuesMax, clock, log }: CommitterDoors) {
  const inTurn = createTurns()
  let filling = createRowSet()
  let spare = createRowSet()
  let taken: RowSet | undefined
  let newest = position
  let committed = position
  let wanted = position
  let running: Promise<void> | undefined
  let failure: string | undefined
  let cancelTimer: (() => void) | undefined

  function take(): RowSet {
    const set = filling
    filling = spare
    return set
  }

  async function commitOnce(): Promise<void> {
    taken ??= take()
    try {
      await inTurn(() => commit(taken as RowSet))
    } catch (thrown) {
      if (failure === undefined) log.error({ err: thrown }, messageOf(thrown))
      failure = messageOf(thrown)
      wakeIn(retryMs)
      throw thrown
    }
    failure = undefined
    committed = taken.position
    clearRows(taken)
    spare = taken
    taken = undefined
    onCommitted(committed)
  }

  async function run(): Promise<void> {
    try {
      do await commitOnce()
      while (committed < wanted || filling.count >= commitValues)
    } finally {
      running = undefined
    }
    if (committed < newest) wakeIn(longestWaitMs)
  }

  /** One run at a time; whoever comes while one is under way joins it. */
  function start(): Promise<void> {
    cancelTimer?.()
    cancelTimer = undefined
    running ??= run()
    return running
  }

  function wakeIn(delayMs: number): void {
    cancelTimer ??= clock.after(delayMs, () => {
      cancelTimer = undefined
      if (committed < newest) start().catch(() => undefined)
    })
  }

  async function flush(): Promise<void> {
    const goal = newest
    while (committed < goal) {
      wanted = Math.max(wanted, goal)
      await start()
    }
  }

  return {
    /** Takes what stands in the log at this position. */
    add(rows: WrittenRows, at: number): void {
      addRows(filling, rows, at)
      newest = at
      if (filling.count < commitValues) wakeIn(longestWaitMs)
      else if (!running && failure === undefined) start().catch(() => undefined)
    },
    /** Resolves when there is room for more; rejects when there is none and the database takes nothing. */
    async room(): Promise<void> {
      while (filling.count >= valuesMax) {
        if (failure !== undefined) throw full(valuesMax, failure)
        await start()
      }
    },
    /** Resolves when the database holds everything that was taken before. At once when it does. */
    flush,
    /** Lets the work use the connection between two commits. */
    inTurn,
    /** Why the latest commit failed, when it did. */
    lastFailure: () => failure,
    waiting: () => filling.count + (taken?.count ?? 0),
    /** Commits what it has; what cannot be committed stays in the log. */
    async close(): Promise<void> {
      await flush().catch((err) => log.warn({ err }, 'duckdb: the last points stay in the log and are taken over at the next start'))
      cancelTimer?.()
      await inTurn(async () => undefined)
    },
  }
}

/** Lets one thing run after the other. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    const answer = last.then(run)
    last = answer.catch(() => undefined)
    return answer
  }
}

function full(valuesMax: number, reason: string): AppError {
  const message = `duckdb: ${valuesMax} accepted values wait for the database, which is all that may (store.waitingValuesMax), and it takes none: ${reason}`
  return new AppError('STORE_UNAVAILABLE', message, { retryable: true })
}
