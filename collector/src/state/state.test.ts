import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../lib/log.ts'
import { migrations } from './migrations.ts'
import { createNotificationRecords, toldEpisodes } from './notification-records.ts'
import { openState } from './state.ts'

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidewatch-state-'))
  path = join(directory, 'deep', 'state.db')
})
afterEach(() => rmSync(directory, { recursive: true }))

test('creates the directory and keeps what was written over a restart', () => {
  const first = openState({ path, log: silentLog })
  first.db.run(`INSERT INTO component_states VALUES ('db', 'production', 'up', '2026-01-01T00:00:00.000Z', '', NULL)`)
  first.close()
  const second = openState({ path, log: silentLog })
  expect(second.db.all('SELECT name FROM component_states')).toEqual([{ name: 'db' }])
  expect(second.schemaVersion).toBe(migrations.length)
  second.close()
})

test('a full disk refuses with a sentence, leaves nothing half done, and is got over', () => {
  const { db, close } = openState({ path, log: silentLog })
  const insert = (name: string) =>
    db.transaction(() => {
      db.run(`INSERT INTO component_states VALUES ('${name}', 'production', 'up', '2026-01-01T00:00:00.000Z', '', NULL)`)
      db.run(`INSERT INTO component_states VALUES ('${name}', 'staging', 'up', '2026-01-01T00:00:00.000Z', '${'x'.repeat(100_000)}', NULL)`)
    })
  insert('before')
  db.all('PRAGMA max_page_count = 1')
  expect(() => insert('full')).toThrow(expect.objectContaining({ code: 'STATE_UNWRITABLE', message: expect.stringContaining(path) }))
  db.all('PRAGMA max_page_count = 1000000')
  insert('after')
  expect(db.all('SELECT name FROM component_states GROUP BY name')).toEqual([{ name: 'after' }, { name: 'before' }])
  close()
})

test('takes only the steps that are missing', () => {
  openState({ path, log: silentLog }).close()
  const upgraded = openState({ path, log: silentLog, migrations: [...migrations, 'CREATE TABLE extra (a INTEGER)'] })
  expect(upgraded.db.all('SELECT * FROM extra')).toEqual([])
  upgraded.close()
})

test('a notification log of before episodes were kept says who was told, and not of which episode', () => {
  const before = migrations.slice(0, migrations.indexOf(toldEpisodes))
  const old = openState({ path, log: silentLog, migrations: before })
  const columns = 'group_key, receiver, group_labels, firing, resolved, unsure, sent_at_ms'
  old.db.run(`INSERT INTO notify_entries (${columns}) VALUES ('g', 'ops', '{}', '{"00ff":"high","11":"info"}', '[]', '[]', 5)`)
  old.db.run(`INSERT INTO notify_entries (${columns}) VALUES ('h', 'ops', '{}', '{}', '["00ff"]', '[]', 5)`)
  old.close()
  const upgraded = openState({ path, log: silentLog })
  expect(createNotificationRecords(upgraded.db).entries()).toMatchObject([
    { groupKey: 'g', firing: { '00ff': { severity: 'high', startsAt: null }, '11': { severity: 'info', startsAt: null } } },
    { groupKey: 'h', firing: {}, resolved: ['00ff'] },
  ])
  upgraded.close()
})

test('a step that fails leaves the file as it was', () => {
  openState({ path, log: silentLog }).close()
  expect(() => openState({ path, log: silentLog, migrations: [...migrations, 'CREATE TABLE extra (a INTEGER); NONSENSE'] })).toThrow(
    /cannot use/,
  )
  const again = openState({ path, log: silentLog })
  expect(again.db.get(`SELECT count(*) AS found FROM sqlite_master WHERE name = 'extra'`)).toEqual({ found: 0 })
  again.close()
})

test('refuses a file of a newer version and says what to do', () => {
  openState({ path, log: silentLog, migrations: [...migrations, 'CREATE TABLE extra (a INTEGER)'] }).close()
  const known = migrations.length
  expect(() => openState({ path, log: silentLog })).toThrow(
    new RegExp(`newer Tidewatch \\(schema ${known + 1}, this one knows ${known}\\).*Start that version`),
  )
})

test('refuses a file that is no database', () => {
  const file = join(directory, 'state.db')
  writeFileSync(file, 'these are not the pages you look for '.repeat(200))
  expect(() => openState({ path: file, log: silentLog })).toThrow(/is damaged .*Restore it from a backup/)
})

test('refuses a file with damaged pages', () => {
  const state = openState({ path, log: silentLog })
  for (let id = 0; id < 500; id++) state.db.run('INSERT INTO audit_log VALUES (?, ?, ?, ?, ?)', id, 'jane', 'x'.repeat(100), 'y', '{}')
  state.close()
  const sqlite = new DatabaseSync(path)
  sqlite.exec('PRAGMA journal_mode = DELETE')
  sqlite.close()
  damage(path)
  expect(() => openState({ path, log: silentLog })).toThrow(/is damaged/)
})

test('says why a directory cannot be used', () => {
  const file = join(directory, 'file')
  writeFileSync(file, '')
  expect(() => openState({ path: join(file, 'state.db'), log: silentLog })).toThrow(/cannot open .*choose another one with --data/)
})

test('a transaction that throws leaves nothing behind', () => {
  const { db, close } = openState({ path: ':memory:', log: silentLog })
  expect(() =>
    db.transaction(() => {
      db.run(`INSERT INTO audit_log VALUES (1, 'jane', 'a', 'b', '{}')`)
      db.transaction(() => db.run(`INSERT INTO audit_log VALUES (2, 'jane', 'a', 'b', '{}')`))
      throw new Error('halfway')
    }),
  ).toThrow('halfway')
  expect(db.all('SELECT * FROM audit_log')).toEqual([])
  close()
})

/** Overwrites the middle of the file, as a failing disk would. */
function damage(file: string): void {
  const bytes = readFileSync(file)
  bytes.fill(0xa5, 4096 * 6, bytes.length - 4096)
  writeFileSync(file, bytes)
}
