/** What a dashboard keeps of the panel. */
export type HealthOptions = {
  showSummary: boolean
  sort: 'worst' | 'name'
  onlyProblems: boolean
  showLatency: boolean
  showSince: boolean
  rowHeight: number
  labelWidth: number
}

export const defaultOptions: HealthOptions = {
  showSummary: true,
  sort: 'worst',
  onlyProblems: false,
  showLatency: true,
  showSince: true,
  rowHeight: 36,
  labelWidth: 0,
}

/** Options as they are, with what an older dashboard lacks filled in and nonsense put right. */
export function migrateOptions(options: Partial<HealthOptions> | undefined): HealthOptions {
  const merged = { ...defaultOptions, ...options }
  return {
    ...merged,
    sort: merged.sort === 'name' ? 'name' : 'worst',
    rowHeight: Math.min(120, Math.max(24, Number(merged.rowHeight) || defaultOptions.rowHeight)),
  }
}
