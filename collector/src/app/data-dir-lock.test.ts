import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockDataDir } from './data-dir-lock.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tidewatch-lock-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const holder = { pid: 42, host: 'web-1', since: '2026-01-01T00:00:00.000Z' }

it('says who holds the directory and what to do, and gives it to the next one', () => {
  const release = lockDataDir(dataDir, holder)
  const sentence = `Another collector keeps its data in ${dataDir}: process 42 on web-1, since ${holder.since}. Stop that one, or give this one a directory of its own with --data.`
  for (let tries = 0; tries < 2; tries++) expect(() => lockDataDir(dataDir, { ...holder, pid: 43 })).toThrow(sentence)
  release()
  lockDataDir(dataDir, holder)()
})

it('leaves no lock behind a process that was killed', async () => {
  // Who gives the lock back is kept: with nobody left who could, the garbage collector does.
  const script = `import { lockDataDir } from ${JSON.stringify(join(import.meta.dirname, 'data-dir-lock.ts'))}
    globalThis.unlock = lockDataDir(${JSON.stringify(dataDir)}, { pid: process.pid, host: 'here', since: 'now' })
    console.log('locked')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  expect(() => lockDataDir(dataDir, holder)).toThrow(`process ${child.pid} on here`)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  lockDataDir(dataDir, holder)()
})

it('says so when the lock file is something else', () => {
  writeFileSync(join(dataDir, 'collector.lock'), 'a text that is no database, and long enough to be read as one. '.repeat(20))
  expect(() => lockDataDir(dataDir, holder)).toThrow(/Cannot lock .*collector\.lock: .*not a database/)
})
