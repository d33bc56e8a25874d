import { type VisualizationSuggestion, VisualizationSuggestionScore } from '@grafana/data'
import { createColumns } from '../../format/columns.ts'
import type { DeploymentsOptions } from './options.ts'

type Summary = { rawFrames?: Parameters<typeof createColumns>[0][] }

/** The best way to show deployments, and no way to show anything else. */
export function suggestDeployments({ rawFrames = [] }: Summary): VisualizationSuggestion<DeploymentsOptions>[] {
  const fits = rawFrames.some((frame) => createColumns(frame).has('service', 'version', 'startedAt'))
  return fits ? [{ name: 'Deployment timeline', score: VisualizationSuggestionScore.Best }] : []
}
