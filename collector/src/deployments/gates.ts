import type { GatePolicies, GateResult, GateRule, LabelTest } from '../model/gate.ts'
import type { GateResultFilter } from '../model/gate-records.ts'

/** What a caller wants judged; what is left out is as the gate has it, or by default. */
export type GateOrder = Partial<GatePolicies> & {
  /** The name of a configured gate; left out: the caller chooses the rules. */
  readonly gate?: string
  readonly rules?: readonly GateRule[]
  readonly matchers?: readonly LabelTest[]
  readonly labels: Readonly<Record<string, string>>
  readonly failOpen: boolean
  readonly actor: string
  /** Its service and environment are looked at, and the result is shown with it. */
  readonly deploymentId?: string
}

/** A configured gate with the rules that it stands for now. */
export type GateView = GatePolicies & {
  readonly name: string
  readonly rules: readonly string[]
  readonly matchers: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

/** Judges whether a deployment may begin or go on, by the rules that alert. */
export interface Gates {
  list(): readonly GateView[]
  /** Looks at the rules, and goes on to as long as the gate watches. Throws NOT_FOUND and VALIDATION_FAILED. */
  check(order: GateOrder): GateResult
  /** Throws NOT_FOUND. */
  get(id: string): GateResult
  /** The result when it is done, or as it is after so long. */
  wait(id: string, forMs: number, signal: AbortSignal): Promise<GateResult>
  results(filter: GateResultFilter): { readonly results: readonly GateResult[]; readonly total: number }
  /** Lets a deployment pass whatever the verdict, which stays what it is. Throws NOT_FOUND; CONFLICT when it passes already. */
  override(id: string, by: { readonly actor: string; readonly reason: string }): GateResult
}
