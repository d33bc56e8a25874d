import { type Cause, noClearCause } from '../../model/alert.ts'
import type { AlertInstance, AlertRecords } from '../../model/alert-records.ts'
import type { StreamEvent } from '../../model/event.ts'
import type { Board } from '../board/board.ts'
import { membersOf, seriesKindOf } from '../rules/definition/kind-of.ts'
import type { Roster } from '../rules/evaluation/roster.ts'
import type { SampleSelector } from '../rules/samples/samples.ts'
import { againAfterMs, type CauseSearchOptions, createCauseSearch, type Finding } from './search.ts'

export type ExplainOptions = Pick<CauseSearchOptions, 'clock' | 'log'> & {
  /** Left out: nobody can look. */
  readonly causeStore?: CauseSearchOptions['store']
  readonly roster: Roster
  readonly board: Board
  readonly records: AlertRecords
  readonly causeOf: (atMs: number, labels: AlertInstance['labels']) => Cause | null
  readonly emit: (event: StreamEvent) => void
}

/** Nobody asks any more what came before an alert that has fired for longer. */
const resumeWithinMs = 86_400_000

/** Completes what is known of the cause of alerts that fire, when the store has been searched. */
export function createExplain(options: ExplainOptions) {
  const { causeStore: store, roster, board, records, causeOf, emit, clock } = options
  const ruleOf = (name: string) => roster.runners().find(({ rule }) => rule.name === name)?.rule

  /** A rule that looks at other rules is about what they look at. */
  function selectorsOf(name: string): readonly SampleSelector[] | undefined {
    const rule = ruleOf(name)
    const kind = rule && seriesKindOf(rule)
    if (!rule || kind) return rule && kind?.inputs(rule.options).selectors
    return membersOf(rule).flatMap((member) => selectorsOf(member) ?? [])
  }

  function onFound(instance: AlertInstance, finding: Finding): void {
    // A change may have been told of only after the alert.
    const known = instance.cause?.deploymentId ? instance.cause : causeOf(instance.activeSinceMs ?? 0, instance.labels)
    const { moved, seriesSearched = 0 } = instance.cause ?? {}
    // The second search, of a store that has become slow, must not take away what the first one saw.
    const seen = moved && seriesSearched > finding.seriesSearched ? { moved, seriesSearched } : finding
    const explained = { ...instance, cause: { ...(known ?? { summary: noClearCause }), ...seen } }
    roster.amend(explained)
    records.commit({ save: [explained], remove: [], ended: [] })
    emit({ type: 'alert', alert: board.view(explained) })
  }

  const search =
    store &&
    createCauseSearch({
      ...{ ...options, store, onFound },
      lookup: (id) => roster.find(id),
      selectorsOf: ({ rule }) => selectorsOf(rule),
    })

  /** Its search, or the second one a little later, had not ended when the process did. */
  function isUnfinished({ firedAtMs, cause }: AlertInstance): boolean {
    const forMs = firedAtMs === null ? Number.POSITIVE_INFINITY : clock.now() - firedAtMs
    return forMs < againAfterMs || (cause?.moved === undefined && forMs < resumeWithinMs)
  }

  return {
    start: (instance: AlertInstance): void => search?.start(instance),
    /** Searches again for alerts of an earlier process, the newest first. */
    resume(restored: readonly AlertInstance[]): void {
      const unfinished = restored.filter(isUnfinished)
      for (const instance of unfinished.sort((a, b) => (b.firedAtMs ?? 0) - (a.firedAtMs ?? 0))) search?.start(instance)
    },
    stop: (): void => search?.stop(),
  }
}
