export type GroupBy = 'severity' | 'state' | 'rule' | 'none'

/** What a dashboard keeps of the panel. */
export type AlertsOptions = {
  groupBy: GroupBy
  showFilters: boolean
  showActions: boolean
  showResolved: boolean
  /** Labels worth a place in the row, separated by commas; all of them when empty. */
  labels: string
}

export const defaultOptions: AlertsOptions = { groupBy: 'severity', showFilters: true, showActions: true, showResolved: true, labels: '' }

/** Options as they are, with what an older dashboard lacks filled in and nonsense put right. */
export function migrateOptions(options: Partial<AlertsOptions> | undefined): AlertsOptions {
  const merged = { ...defaultOptions, ...options }
  const known: readonly string[] = ['severity', 'state', 'rule', 'none']
  return { ...merged, groupBy: known.includes(merged.groupBy) ? merged.groupBy : defaultOptions.groupBy }
}
