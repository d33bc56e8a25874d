import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

const interval = z.object({ from: z.number(), to: z.number() })

const stateSchema = z.object({
  /** Which points were rolled. Those of another database begin anew. */
  source: z.string(),
  from: z.number(),
  to: z.number(),
  stale: z.array(interval),
  excluded: z.array(z.string()),
})

export type SavedState = z.output<typeof stateSchema>

/** Undefined where there is none, or one that cannot be read: then windows are made anew. */
export async function loadState(path: string, source: string): Promise<SavedState | undefined> {
  try {
    const parsed = stateSchema.safeParse(JSON.parse(await readFile(path, 'utf8')))
    return parsed.success && parsed.data.source === source ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** Replaces the file as a whole, and only when the new one is on disk. */
export async function saveState(path: string, state: SavedState): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(`${path}.new`, 'w')
  try {
    await file.writeFile(JSON.stringify(state))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
}
