import { mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../../lib/log.ts'
import { readBlocks, type WrittenRows } from './block.ts'
import { type FoundFrame, findFrames, isIllegible } from './frame.ts'

/** Where the database stands in which log. */
export type LogMark = { readonly id: string; readonly position: number }

export type ReadLog = {
  /** What the database does not hold yet, in order. */
  readonly writes: readonly { readonly written: WrittenRows; readonly position: number }[]
  /** No frame of the files lies after it. */
  readonly newest: number
  /** No file of the folder has this number or a higher one. */
  readonly nextSegment: number
  /** Once the database holds the writes: deletes the files, and keeps damaged ones under another name. */
  discard(): Promise<void>
}

type Frame = FoundFrame & { readonly path: string }

/** Reads what an earlier process acknowledged and did not bring into the database. */
export async function readLog(directory: string, mark: LogMark, log: Log): Promise<ReadLog> {
  await mkdir(directory, { recursive: true })
  const names = (await readdir(directory)).filter((name) => /^\d{8}\.log$/.test(name)).sort()
  const paths = names.map((name) => join(directory, name))
  const frames: Frame[] = []
  const illegible: string[] = []
  for (const path of paths) {
    const bytes = await readFile(path)
    for (const frame of findFrames(bytes, mark.position)) frames.push({ ...frame, path })
    if (isIllegible(bytes)) illegible.push(path)
  }
  const strange = new Set(frames.filter(({ id, payload }) => payload && id !== mark.id).map(({ path }) => path))
  const own = frames.filter(({ id }) => id === mark.id)
  const { whole, gaps } = chainFrames(own, mark.position)
  // What is missing may have lain in any of them.
  const damaged = new Set([...(gaps === 0 ? [] : own.map(({ path }) => path)), ...illegible])
  tell({ directory, strange, own, whole, damaged }, log)
  return {
    writes: whole.flatMap(({ payload, position }) => readBlocks(payload as Buffer).map((written) => ({ written, position }))),
    newest: own.reduce((newest, { position }) => Math.max(newest, position), mark.position),
    nextSegment: Number(names.at(-1)?.slice(0, 8) ?? 0) + 1,
    async discard() {
      for (const path of paths) {
        if (strange.has(path)) await rename(path, `${path}.of-another-store`)
        else if (damaged.has(path)) await rename(path, `${path}.damaged`)
        else await unlink(path)
      }
    },
  }
}

/**
 * The whole frames in order, without those that were refused: whoever was written next did not come
 * after them. A gap is what should have come before a frame and is not there.
 */
function chainFrames(frames: readonly Frame[], from: number): { whole: Frame[]; gaps: number } {
  const whole: Frame[] = []
  let gaps = 0
  for (const frame of frames.filter(({ payload }) => payload).sort((a, b) => a.position - b.position)) {
    while ((whole.at(-1)?.position ?? from) > frame.after && whole.length > 0) whole.pop()
    if (frame.after > (whole.at(-1)?.position ?? from)) gaps++
    whole.push(frame)
  }
  return { whole, gaps }
}

type Findings = {
  readonly directory: string
  readonly strange: ReadonlySet<string>
  readonly own: readonly Frame[]
  readonly whole: readonly Frame[]
  readonly damaged: ReadonlySet<string>
}

function tell({ directory, strange, own, whole, damaged }: Findings, log: Log): void {
  const last = whole.at(-1)?.position ?? 0
  const torn = own.find(({ payload, position }) => !payload && position > last)
  if (torn && damaged.size === 0)
    log.warn({ file: torn.path, at: torn.at }, 'duckdb: the log ended in half a write, which nobody was told is kept; it was cut off')
  if (damaged.size > 0)
    log.error(
      { files: [...damaged].map((path) => `${path}.damaged`) },
      'duckdb: the log is damaged and some acknowledged points in it are lost; everything whole was taken over, and the damaged files are kept under these names',
    )
  if (strange.size > 0)
    log.error(
      { files: [...strange].map((path) => `${path}.of-another-store`) },
      `duckdb: the log in ${directory} belongs to another database and was set aside under these names; put that database back if its last points are missed`,
    )
  if (whole.length > 0) log.info({ writes: whole.length }, 'duckdb: points of an earlier run are taken over from the log')
}
