import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Peer } from './peers.ts'

/** Linux counts a process's time in hundredths of a second, whatever its own clock. */
const ticksPerSecond = 100

/** Seconds of processor time that a process has used, in user and system mode, over all its threads. */
export function cpuSecondsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold spaces; user and system time are the 12th and 13th field after it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

export type Memory = { readonly residentMb: number; readonly peakMb: number }

/** Resident memory now, and the most it ever was. */
export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mb = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1] ?? 0) / 1024)
  return { residentMb: mb('VmRSS'), peakMb: mb('VmHWM') }
}

/** Processor time by process. */
export const cpuOf = ({ pids }: Peer): Record<string, number> =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSecondsOf(pid)]))

export const memoryOfAll = ({ pids }: Peer): Record<string, Memory> =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, memoryOf(pid)]))

/** What was used between two readings. */
export const cpuBetween = (before: Record<string, number>, after: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]))

/** What the files take on disk, in bytes. */
export const diskBytesOf = ({ directories }: Peer): number =>
  directories.reduce((sum, folder) => sum + Number(execFileSync('du', ['-sb', folder], { encoding: 'utf8' }).split('\t')[0]), 0)

const total = (cpu: Record<string, number>) => Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0)

/** Waits until the processes have finished what they do behind the scenes: merging, compacting, writing logs. */
export async function untilIdle(peers: readonly Peer[], secondsMax: number): Promise<void> {
  const readAll = () => peers.map((peer) => total(cpuOf(peer)))
  let before = readAll()
  for (let waited = 0; waited < secondsMax; waited++) {
    await wait(1000)
    const after = readAll()
    if (after.every((seconds, index) => seconds - (before[index] ?? 0) < 0.06)) return
    before = after
  }
}
