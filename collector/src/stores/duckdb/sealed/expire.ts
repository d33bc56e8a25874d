import type { DuckDBConnection } from '@duckdb/node-api'
import { categoryExpression, type Expired, expiredAt, type Retention } from '../retention.ts'
import { valueTables } from '../tables.ts'
import { readCatalogue, removeFromCatalogue, type SealedFile } from './catalogue.ts'
import { startOf, toNs } from './days.ts'

/** What a round of retention took out; the files are still to be deleted. */
export type ExpireResult = { readonly files: readonly SealedFile[]; readonly forgotten: readonly Forgotten[] }

/** Values before this time are gone: of these fields, or of all. */
export type Forgotten = { readonly beforeNs: bigint; readonly fids: ReadonlySet<number> | undefined }

export type ExpireDoors = {
  readonly writer: DuckDBConnection
  readonly retention: Retention
  /** Told within the transaction of the default retention, before it deletes. */
  readonly onExpiring: (timeNs: bigint) => Promise<void>
}

/**
 * Takes out what is too old, in one transaction: points of the tables, and days whose last moment is
 * too old. A sealed day goes as a whole, so that deleting it frees its room on the disk.
 */
export async function expire({ writer, retention, onExpiring }: ExpireDoors, nowMs: number): Promise<ExpireResult> {
  const rules = expiredAt(retention, nowMs)
  if (rules.length === 0) return { files: [], forgotten: [] }
  await writer.run('BEGIN')
  try {
    const files = (await readCatalogue(writer)).filter((file) => isExpired(file, rules, retention))
    await removeFromCatalogue(writer, files)
    const byDefault = rules.find(({ category }) => category === undefined)
    if (byDefault) await onExpiring(toNs(byDefault.beforeMs))
    const forgotten: Forgotten[] = []
    for (const rule of rules) forgotten.push(await expireRows(writer, rule, Object.keys(retention.categories)))
    await writer.run('COMMIT')
    return { files, forgotten }
  } catch (thrown) {
    await writer.run('ROLLBACK').catch(() => undefined)
    throw thrown
  }
}

function isExpired({ day, category }: SealedFile, rules: readonly Expired[], { categories }: Retention): boolean {
  // A category of an earlier configuration has the default retention today.
  const wanted = Object.hasOwn(categories, category) ? category : undefined
  return rules.some((rule) => rule.category === wanted && startOf(day + 1) <= rule.beforeMs)
}

async function expireRows(writer: DuckDBConnection, { category, beforeMs }: Expired, categories: readonly string[]): Promise<Forgotten> {
  const beforeNs = toNs(beforeMs)
  const chosen = `SELECT fid FROM fields WHERE ${categoryExpression(categories)} = '${category ?? ''}'`
  const where = `time < ${beforeNs}${categories.length === 0 ? '' : ` AND fid IN (${chosen})`}`
  let deleted = 0
  for (const table of [...Object.values(valueTables).map(({ name }) => name), 'sealed_last']) {
    deleted += (await writer.run(`DELETE FROM "${table}" WHERE ${where}`)).rowsChanged
  }
  if (categories.length === 0 || deleted === 0) return { beforeNs, fids: deleted === 0 ? new Set() : undefined }
  const fids = (await writer.runAndReadAll(chosen)).getRows().map(([fid]) => Number(fid))
  return { beforeNs, fids: new Set(fids) }
}
