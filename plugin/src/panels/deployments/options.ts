export type View = 'both' | 'timeline' | 'list'

/** What a dashboard keeps of the panel. */
export type DeploymentsOptions = {
  view: View
  showVersions: boolean
  labelWidth: number
}

export const defaultOptions: DeploymentsOptions = { view: 'both', showVersions: true, labelWidth: 0 }

/** Options as they are, with what an older dashboard lacks filled in and nonsense put right. */
export function migrateOptions(options: Partial<DeploymentsOptions> | undefined): DeploymentsOptions {
  const merged = { ...defaultOptions, ...options }
  const known: readonly string[] = ['both', 'timeline', 'list']
  return { ...merged, view: known.includes(merged.view) ? merged.view : defaultOptions.view }
}
