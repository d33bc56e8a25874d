import { type VisualizationSuggestion, VisualizationSuggestionScore } from '@grafana/data'
import { createColumns } from '../../format/columns.ts'
import type { HealthOptions } from './options.ts'

type Summary = { rawFrames?: Parameters<typeof createColumns>[0][] }

/** The best way to show components and their states, and no way to show anything else. */
export function suggestHealth({ rawFrames = [] }: Summary): VisualizationSuggestion<HealthOptions>[] {
  const fits = rawFrames.some((frame) => createColumns(frame).has('component', 'environment', 'state'))
  return fits ? [{ name: 'Health matrix', score: VisualizationSuggestionScore.Best }] : []
}
