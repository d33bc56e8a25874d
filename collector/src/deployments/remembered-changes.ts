import type { Deployment } from '../model/deployment.ts'
import type { DeploymentRecords } from '../model/deployment-records.ts'

type Answer = { readonly fromMs: number; readonly toMs: number; readonly changes: readonly Deployment[] }

/**
 * The same records, which read the changes of a range once for all who ask one after the other: thousands of alerts that
 * begin to fire in one evaluation all look back from the same moment. What gates say of a change may be out of date in it.
 */
export function rememberChanges(records: DeploymentRecords): DeploymentRecords {
  let last: Answer | undefined

  function afterwardsAnew(write: () => void): void {
    try {
      write()
    } finally {
      last = undefined
    }
  }

  return {
    ...records,
    save: (deployment, also) => afterwardsAnew(() => records.save(deployment, also)),
    saveStep: (id, step, also) => afterwardsAnew(() => records.saveStep(id, step, also)),
    changedBetween(fromMs, toMs) {
      if (last?.fromMs !== fromMs || last.toMs !== toMs) last = { fromMs, toMs, changes: records.changedBetween(fromMs, toMs) }
      return last.changes
    },
  }
}
