import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder } from './collector.ts'

/** A place for data that has room or has none, as the test says. */
export type SmallDisk = {
  readonly directory: string
  /** From now on this process can write nothing there. */
  fill(pid: number): void
  makeRoom(pid: number): void
  dispose(): void
}

export type DiskKind = { readonly name: string; create(): SmallDisk }

/** A file system of its own, filled by another file: writing answers ENOSPC. */
const fileSystem: DiskKind = {
  name: 'a full file system',
  create() {
    const directory = newFolder()
    mount(directory)
    const ballast = join(directory, 'ballast')
    return {
      directory,
      fill: () => fillUp(ballast),
      makeRoom: () => rmSync(ballast),
      dispose: () => void execFileSync('umount', ['-l', directory]),
    }
  },
}

/** A limit on the size of the process's files, which needs no rights: writing answers EFBIG. */
const fileSize: DiskKind = {
  name: 'a limit on the size of files',
  create: () => ({
    directory: newFolder(),
    fill: (pid) => limitFiles(pid, '4096'),
    makeRoom: (pid) => limitFiles(pid, 'unlimited'),
    dispose: () => {},
  }),
}

/** Not every machine lets a test mount. */
export const diskKinds: readonly DiskKind[] = canMount() ? [fileSystem, fileSize] : [fileSize]

function canMount(): boolean {
  const directory = newFolder()
  try {
    mount(directory)
    execFileSync('umount', [directory], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function mount(directory: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tidewatch-test', directory], { stdio: 'ignore' })
}

function fillUp(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (const size of [1_000_000, 4096, 1]) fillWith(file, Buffer.alloc(size))
  } finally {
    closeSync(file)
  }
}

function fillWith(file: number, bytes: Uint8Array): void {
  try {
    while (writeSync(file, bytes) > 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown
  }
}

function limitFiles(pid: number, bytes: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
}
