import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { AppError, messageOf } from '../../lib/errors.ts'
import { schemaSteps } from './schema.ts'

export type DatabaseOptions = { readonly path: string; readonly memoryLimit: string; readonly threads?: number }

export type Database = {
  readonly path: string
  /** The folder of sealed days: the only one whose files SQL may read and write. */
  readonly sealedPath: string
  connect(): Promise<DuckDBConnection>
  close(): void
}

/** The layout this program writes. */
const schemaVersion = schemaSteps.length

// The one piece of state of this process that stores share: DuckDB's file lock does not hold within
// a process, where a second instance opens in silence and the two overwrite each other.
const openPaths = new Set<string>()

/** Opens the file, or makes it. Throws a sentence that says what to do when it cannot. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const path = resolve(options.path)
  if (openPaths.has(path)) throw startFailed(path, 'this process has it open already', 'Give each store a path of its own')
  openPaths.add(path)
  try {
    const instance = await openInstance({ ...options, path })
    await withConnection(instance, path, async (connection) => {
      await closeDoors(connection, path)
      await prepareSchema(connection, path)
    })
    return {
      path,
      sealedPath: sealedPathOf(path),
      connect: () => instance.connect(),
      close() {
        instance.closeSync()
        openPaths.delete(path)
      },
    }
  } catch (thrown) {
    openPaths.delete(path)
    throw thrown
  }
}

async function openInstance({ path, memoryLimit, threads }: DatabaseOptions): Promise<DuckDBInstance> {
  try {
    await mkdir(dirname(path), { recursive: true })
    return await DuckDBInstance.create(path, {
      memory_limit: memoryLimit,
      ...(threads === undefined ? {} : { threads: String(threads) }),
      temp_directory: `${path}.tmp`,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
  } catch (cause) {
    throw toOpenError(path, cause)
  }
}

/** Nothing here ever reads a file elsewhere or loads an extension, so nothing may. */
async function closeDoors(connection: DuckDBConnection, path: string): Promise<void> {
  await connection.run(`SET allowed_directories = ['${sealedPathOf(path).replaceAll("'", "''")}/']`)
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
}

const sealedPathOf = (path: string) => `${path}.sealed`

async function withConnection(
  instance: DuckDBInstance,
  path: string,
  work: (connection: DuckDBConnection) => Promise<void>,
): Promise<void> {
  const connection = await instance.connect()
  try {
    await work(connection)
  } catch (thrown) {
    connection.closeSync()
    instance.closeSync()
    throw thrown instanceof AppError ? thrown : corrupt(path, thrown)
  }
  connection.closeSync()
}

async function prepareSchema(connection: DuckDBConnection, path: string): Promise<void> {
  const version = await readVersion(connection, path)
  if (version > schemaVersion) throw newerLayout(path, version)
  for (let next = version; next < schemaVersion; next++) await takeStep(connection, next)
}

/** The layout of the file: 0 when it is empty. */
async function readVersion(connection: DuckDBConnection, path: string): Promise<number> {
  const tables = (await readColumn(connection, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'")).map(String)
  if (tables.length === 0) return 0
  if (!tables.includes('schema_version')) throw startFailed(path, 'it is a DuckDB file of another program', 'Set store.path')
  return Number((await readColumn(connection, 'SELECT version FROM schema_version'))[0])
}

/** Whole or not at all: a process killed here finds the layout of before, and takes the step again. */
async function takeStep(connection: DuckDBConnection, from: number): Promise<void> {
  await connection.run('BEGIN')
  await connection.run(schemaSteps[from] ?? '')
  await connection.run(`UPDATE schema_version SET version = ${from + 1}`)
  await connection.run('COMMIT')
}

function newerLayout(path: string, version: number): AppError {
  return startFailed(
    path,
    `its layout is number ${version} and this Tidewatch knows up to number ${schemaVersion}`,
    'Run the version that wrote it',
  )
}

async function readColumn(connection: DuckDBConnection, sql: string): Promise<unknown[]> {
  return (await connection.runAndReadAll(sql)).getRows().map(([value]) => value)
}

function toOpenError(path: string, cause: unknown): AppError {
  const message = messageOf(cause)
  if (/Could not set lock|Conflicting lock/i.test(message))
    return startFailed(path, 'another process holds its lock', 'Stop that process or set store.path', cause)
  if (/EACCES|EPERM|EROFS|Permission denied|Read-only file system/i.test(message))
    return startFailed(path, 'it may not be written', 'Give the user of this process the right to write there, or set store.path', cause)
  if (/ENOTDIR|EEXIST|EISDIR|Is a directory/i.test(message))
    return startFailed(path, 'a file or folder of that name is in the way', 'Set store.path', cause)
  if (/version number|newer version/i.test(message))
    return startFailed(path, 'another version of DuckDB wrote it', 'Run the version of Tidewatch that wrote it', cause)
  if (/memory_limit|parse.*memory|Unknown unit/i.test(message))
    return startFailed(path, firstLine(message), 'Correct store.memoryLimit', cause)
  return corrupt(path, cause)
}

/** What to say when the file itself is damaged. */
export function corrupt(path: string, cause: unknown): AppError {
  return new AppError(
    'STORE_CORRUPT',
    `duckdb: ${path} is damaged and was left untouched: ${firstLine(messageOf(cause))} Restore it from a backup, or move it and ${path}.wal away to begin with an empty store.`,
    { cause },
  )
}

function startFailed(path: string, what: string, advice: string, cause?: unknown): AppError {
  return new AppError('START_FAILED', `duckdb: cannot open ${path}: ${what}. ${advice}.`, { cause })
}

function firstLine(message: string): string {
  const line = message.split('\n', 1)[0] ?? ''
  return /[.!?]$/.test(line) ? line : `${line}.`
}
