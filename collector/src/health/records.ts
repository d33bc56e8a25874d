import type { ComponentState } from '../model/health.ts'

/** The state a component was last seen in. Times are RFC 3339. */
export type ComponentRecord = {
  readonly name: string
  readonly environment: string
  readonly state: ComponentState
  readonly since: string
  readonly message: string
  readonly lastCheckedAt: string | null
}

/** Where states outlive the process, so that `since` stays true over a restart. */
export interface HealthRecords {
  load(): readonly ComponentRecord[]
  /** Replaces the record of that name and environment. */
  save(record: ComponentRecord): void
  remove(name: string, environment: string): void
}

/** Records that end with the process. */
export function createMemoryHealthRecords(initial: readonly ComponentRecord[] = []): HealthRecords {
  const keyOf = (name: string, environment: string) => JSON.stringify([name, environment])
  const records = new Map(initial.map((record) => [keyOf(record.name, record.environment), record]))
  return {
    load: () => [...records.values()],
    save: (record) => records.set(keyOf(record.name, record.environment), record),
    remove: (name, environment) => records.delete(keyOf(name, environment)),
  }
}
