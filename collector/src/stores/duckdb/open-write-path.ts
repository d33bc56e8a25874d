import type { DuckDBConnection } from '@duckdb/node-api'
import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { FieldType } from '../../model/point.ts'
import type { Dictionary } from '../shared/dictionary.ts'
import { createBatchResolver } from '../shared/resolve-batch.ts'
import type { Rows } from './append.ts'
import { type Committer, createCommitter } from './committer.ts'
import { loadLogMark } from './load.ts'
import type { WrittenRows } from './log/block.ts'
import { createDisk, type Disk } from './log/disk.ts'
import { createLog } from './log/log.ts'
import { type ReadLog, readLog } from './log/read-log.ts'
import { createWritePath } from './write-path.ts'
import type { Writer } from './writer.ts'

export type OpenDoors = {
  /** Of the database; the log is the folder beside it. */
  readonly path: string
  readonly connection: DuckDBConnection
  readonly dictionary: Dictionary
  readonly writer: Pick<Writer, 'commit'>
  readonly waitingValuesMax: number
  readonly clock: Clock
  readonly log: Log
  readonly disk?: Disk
}

const segmentBytesMax = 16_000_000

/** Takes over what an earlier process left in the log, and opens the way for new batches. */
export async function openWritePath({ path, connection, dictionary, writer, waitingValuesMax, clock, log, ...doors }: OpenDoors) {
  const directory = `${path}.log`
  const mark = await loadLogMark(connection)
  const left = await readLog(directory, mark, log)
  const writeLog = createLog({
    directory,
    id: mark.id,
    newest: left.newest,
    committed: left.writes.at(-1)?.position ?? mark.position,
    firstSegment: left.nextSegment,
    segmentBytesMax,
    disk: doors.disk ?? createDisk(),
    onWritten: (rows, position) => committer.add(rows, position),
  })
  const committer = createCommitter({
    commit: writer.commit,
    onCommitted: writeLog.release,
    position: mark.position,
    valuesMax: waitingValuesMax,
    ...{ clock, log },
  })
  await replay(left, dictionary, committer, log)
  await left.discard()
  const { write, lastFailure, close } = createWritePath({ resolver: createBatchResolver(dictionary), log: writeLog, committer })
  return { write, lastFailure, close, flush: committer.flush, inTurn: committer.inTurn, logBytes: writeLog.bytes }
}

async function replay({ writes }: ReadLog, dictionary: Dictionary, committer: Committer, log: Log): Promise<void> {
  let lost = 0
  for (const { written, position } of writes) {
    for (const field of written.added) dictionary.add(field)
    const known = withoutUnknown(written, dictionary.fieldCount())
    lost += known.lost
    await committer.room()
    committer.add(known.rows, position)
  }
  await committer.flush()
  if (lost > 0) log.error({ values: lost }, 'duckdb: these values of the log belong to fields whose names were lost with its damaged part')
}

/** A fid that nothing explains would be given to another field. */
function withoutUnknown({ added, rows }: WrittenRows, fieldCount: number): { rows: WrittenRows; lost: number } {
  let lost = 0
  const known = Object.entries(rows).map(([type, column]): [string, Rows] => {
    const isKnown = column.fids.every((fid) => fid < fieldCount)
    if (!isKnown) lost += column.length
    return [type, isKnown ? column : { ...column, length: 0 }]
  })
  return { rows: { added, rows: Object.fromEntries(known) as Record<FieldType, Rows> }, lost }
}
