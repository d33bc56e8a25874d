export type GroupBy = 'severity' | 'state' | 'rule' | 'label' | 'none'

/** What a dashboard keeps of the panel. */
export type AlertsOptions = {
  groupBy: GroupBy
  showFilters: boolean
  showActions: boolean
  /** A way to ask what rules would have sent in the dashboard's time range. */
  showReplay: boolean
  showResolved: boolean
  /** Also alerts that receivers are kept from hearing of, until somebody toggles that. */
  showSuppressed: boolean
  /** Labels worth a place in the row and in the filter, separated by commas; all of them when empty. */
  labels: string
  /** The label whose values make the groups, when grouped by label. */
  groupLabel: string
}

export const defaultOptions: AlertsOptions = {
  groupBy: 'severity',
  showFilters: true,
  showActions: true,
  showReplay: false,
  showResolved: true,
  showSuppressed: true,
  labels: '',
  groupLabel: '',
}

/** Options as they are, with what an older dashboard lacks filled in and nonsense put right. */
export function migrateOptions(options: Partial<AlertsOptions> | undefined): AlertsOptions {
  const merged = { ...defaultOptions, ...options }
  const known: readonly string[] = ['severity', 'state', 'rule', 'label', 'none']
  return { ...merged, groupBy: known.includes(merged.groupBy) ? merged.groupBy : defaultOptions.groupBy }
}

/** The names in a list that people wrote with commas. */
export function toNames(list: string): string[] {
  return list
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
