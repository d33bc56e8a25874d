import type { GateResult } from './gate.ts'
import type { GateVerdict } from './gate-verdict.ts'

export type GateResultFilter = {
  readonly gate?: string
  readonly verdict?: readonly GateVerdict[]
  readonly service?: string
  readonly environment?: string
  readonly deploymentId?: string
  readonly limit: number
  readonly offset?: number
}

/** Where verdicts of gates outlive the process. Each method is one transaction, durable when it returns. */
export interface GateRecords {
  /** `also` is done with it or not at all. */
  save(result: GateResult, also?: () => void): void
  get(id: string): GateResult | undefined
  /** The newest first, with how many there are in all. */
  list(filter: GateResultFilter): { readonly results: readonly GateResult[]; readonly total: number }
  /** Those that were under way when they were last saved. */
  watching(): readonly GateResult[]
  /** Forgets those that began before. */
  prune(beforeMs: number): void
}
