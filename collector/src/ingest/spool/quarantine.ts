import { existsSync, readdirSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../lib/log.ts'
import { type HeldFile, makeRoom } from './make-room.ts'

/** Points that were acknowledged and that the store refuses for good. */
export type Refused = { readonly id: string; readonly reasons: readonly string[]; readonly points: number; readonly lines: Uint8Array }

export type QuarantineEntry = {
  readonly id: string
  readonly path: string
  readonly at: string
  readonly points: number
  readonly reasons: readonly string[]
  readonly bytes: number
}

type Options = {
  readonly directory: string
  readonly bytesMax: number
  readonly log: Log
  readonly now: () => number
}

export type Quarantine = ReturnType<typeof createQuarantine>

const reasonsMax = 10

/**
 * A folder of line protocol files whose comments say when and why: to read, to mend and to send again with any client.
 *
 * When it is full the oldest makes room, and the log says so.
 */
export function createQuarantine({ directory, bytesMax, log, now }: Options) {
  async function sizes(): Promise<HeldFile[]> {
    const paths = await pathsOf(directory)
    return Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path).catch(() => undefined))?.size ?? 0 })))
  }

  return {
    async start(): Promise<void> {
      await mkdir(directory, { recursive: true })
    },
    /** Resolves when the points are on the disk. The same id again takes the place of the first. */
    async add({ id, reasons, points, lines }: Refused): Promise<void> {
      const path = join(directory, `${id}.lp`)
      const told = reasons.slice(0, reasonsMax).map((reason) => `# reason: ${reason.replaceAll(/\s+/g, ' ')}\n`)
      const head = `# at: ${new Date(now()).toISOString()}\n# points: ${points}\n${told.join('')}`
      await writeDurably(directory, path, [Buffer.from(head), lines])
      log.error(
        { file: path, points, reason: reasons[0] },
        'quarantine: the store refuses points for good; "tidewatch spool list" shows them',
      )
      await makeRoom(await sizes(), bytesMax, (file) =>
        log.error({ file }, 'quarantine: it is full, and the oldest file was deleted; "tidewatch spool list" shows what is left'),
      )
    },
    /** How many files lie there; people take some away. */
    files: () => (existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.lp')).length : 0),
  }
}

async function writeDurably(directory: string, path: string, parts: readonly Uint8Array[]): Promise<void> {
  const handle = await open(`${path}.new`, 'w')
  try {
    for (const part of parts) await handle.appendFile(part)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${path}.new`, path)
  const folder = await open(directory)
  await folder.sync().finally(() => folder.close())
}

async function pathsOf(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return []
    throw thrown
  })
  const idOf = (name: string) => name.split(/\D+/).slice(0, 2).map(Number) as [number, number]
  const kept = names.filter((name) => name.endsWith('.lp'))
  kept.sort((a, b) => idOf(a)[0] - idOf(b)[0] || idOf(a)[1] - idOf(b)[1])
  return kept.map((name) => join(directory, name))
}

/** What lies in a quarantine, oldest first. */
export async function listQuarantine(directory: string): Promise<QuarantineEntry[]> {
  return Promise.all((await pathsOf(directory)).map(readEntry))
}

async function readEntry(path: string): Promise<QuarantineEntry> {
  const bytes = await readFile(path)
  const head = bytes.subarray(0, 64_000).toString()
  const id = path.slice(path.lastIndexOf('/') + 1, -'.lp'.length)
  const told = (name: string) => [...head.matchAll(new RegExp(`^# ${name}: (.*)$`, 'gm'))].map(([, text]) => text ?? '')
  return { id, path, at: told('at')[0] ?? '', points: Number(told('points')[0] ?? 0), reasons: told('reason'), bytes: bytes.length }
}
