import { unlink } from 'node:fs/promises'

export type HeldFile = { readonly path: string; readonly bytes: number }

const filesMax = 1000

/** Deletes the oldest files until the rest is within its bounds; the newest stays, however large. */
export async function makeRoom(files: readonly HeldFile[], bytesMax: number, onDeleted: (path: string) => void): Promise<void> {
  const held = [...files]
  let bytes = held.reduce((sum, file) => sum + file.bytes, 0)
  while (held.length > 1 && (bytes > bytesMax || held.length > filesMax)) {
    const oldest = held.shift()
    if (!oldest) return
    bytes -= oldest.bytes
    onDeleted(oldest.path)
    await unlink(oldest.path).catch(() => undefined)
  }
}
