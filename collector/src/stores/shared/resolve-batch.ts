import type { Batch, Rejection } from '../../model/batch.ts'
import type { FieldType, SeriesField } from '../../model/point.ts'
import type { Dictionary, StoredField } from './dictionary.ts'

/** What a batch becomes in a store: fids for its fields, and the lines that cannot be taken. */
export type ResolvedBatch = {
  readonly added: readonly StoredField[]
  readonly rejected: readonly Rejection[]
  readonly rejectedLines: ReadonlySet<number>
}

export type BatchResolver = ReturnType<typeof createBatchResolver>

type Unresolved = { readonly line: number; readonly id: number }

const unknown = -1

/**
 * Translates the process's field ids into a store's fids.
 *
 * The translation is cached, so a batch without new fields costs one array look-up a value. A
 * line whose field has another type than the first write gave it is rejected whole, and the
 * line's other fields are not created either.
 *
 * One batch at a time: `resolve`, write, then `keep` or `forget`.
 */
export function createBatchResolver(dictionary: Dictionary, fieldsMax = Number.POSITIVE_INFINITY) {
  let fids = new Int32Array(1024).fill(unknown)
  let staged: { field: StoredField; id: number }[] = []

  function makeRoom(id: number): void {
    if (id < fids.length) return
    const larger = new Int32Array(Math.max(id + 1, fids.length * 2)).fill(unknown)
    larger.set(fids)
    fids = larger
  }

  function findUnresolved(batch: Batch): Unresolved[] {
    const found: Unresolved[] = []
    for (const column of [batch.floats, batch.integers, batch.unsigned, batch.booleans, batch.strings]) {
      for (let i = 0; i < column.length; i++) {
        const id = column.fields[i] ?? 0
        if (id >= fids.length || fids[id] === unknown) found.push({ line: column.lines[i] ?? 0, id })
      }
    }
    return found.sort((a, b) => a.line - b.line)
  }

  return {
    /** The fid of a field of the batch; only for fields of lines that were not rejected. */
    fids: () => fids,
    resolve(batch: Batch): ResolvedBatch {
      const unresolved = findUnresolved(batch)
      if (unresolved.length === 0) return { added: [], rejected: [], rejectedLines: new Set() }
      const staging = createStaging(dictionary, fieldsMax)
      const rejected = [...byLine(unresolved)].flatMap(([line, ids]) => {
        const reason = staging.addLine([...ids].map((id) => ({ id, field: batch.fieldOf(id) })))
        return reason === undefined ? [] : [{ line, reason }]
      })
      staged = staging.staged
      for (const { field, id } of staged) {
        makeRoom(id)
        fids[id] = field.fid
      }
      return { added: staging.added, rejected, rejectedLines: new Set(rejected.map(({ line }) => line)) }
    },
    /** After the batch is durable. */
    keep() {
      for (const { field } of staged) dictionary.add(field)
      staged = []
    },
    /** After the write failed. */
    forget() {
      for (const { id } of staged) fids[id] = unknown
      staged = []
    },
  }
}

function byLine(unresolved: readonly Unresolved[]): Map<number, Set<number>> {
  const lines = new Map<number, Set<number>>()
  for (const { line, id } of unresolved) {
    const ids = lines.get(line)
    if (ids) ids.add(id)
    else lines.set(line, new Set([id]))
  }
  return lines
}

/** New fields of one batch, line by line, so that the first line decides a new field's type. */
function createStaging(dictionary: Dictionary, fieldsMax: number) {
  const types = new Map<string, FieldType>()
  const staged: { field: StoredField; id: number }[] = []
  const added: StoredField[] = []
  const seen = new Set<number>()

  function conflictOf(field: SeriesField, ofLine: ReadonlyMap<string, FieldType>): string | undefined {
    const key = JSON.stringify([field.series.measurement, field.name])
    const type = dictionary.types(field.series.measurement).get(field.name) ?? types.get(key) ?? ofLine.get(key)
    if (type === undefined || type === field.type) return undefined
    return `field type conflict: input field "${field.name}" on measurement "${field.series.measurement}" is type ${field.type}, already exists as type ${type}`
  }

  function stage({ id, field }: { id: number; field: SeriesField }): void {
    const { measurement, tags } = field.series
    // The process may have numbered a field anew that the store knows from before.
    const known = dictionary.fidOf(measurement, tags, field.name)
    const fid = known ?? dictionary.fieldCount() + added.length
    const stored: StoredField = { fid, measurement, tags, name: field.name, type: field.type }
    if (known === undefined) added.push(stored)
    types.set(JSON.stringify([measurement, field.name]), field.type)
    staged.push({ field: stored, id })
    seen.add(id)
  }

  return {
    staged,
    added,
    /** Takes the line's new fields, or says why it takes none of them. */
    addLine(fields: readonly { id: number; field: SeriesField }[]): string | undefined {
      const fresh = fields.filter(({ id }) => !seen.has(id))
      const ofLine = new Map<string, FieldType>()
      for (const { field } of fresh) {
        const conflict = conflictOf(field, ofLine)
        if (conflict !== undefined) return conflict
        ofLine.set(JSON.stringify([field.series.measurement, field.name]), field.type)
      }
      if (dictionary.fieldCount() + added.length + fresh.length > fieldsMax)
        return `the store is full: it holds ${dictionary.fieldCount() + added.length} fields of series, and store.fieldsMax allows ${fieldsMax}`
      fresh.forEach(stage)
      return undefined
    },
  }
}
