import { type VisualizationSuggestion, VisualizationSuggestionScore } from '@grafana/data'
import { createColumns } from '../../format/columns.ts'
import type { AlertsOptions } from './options.ts'

type Summary = { rawFrames?: Parameters<typeof createColumns>[0][] }

/** The best way to show alerts, and no way to show anything else. */
export function suggestAlerts({ rawFrames = [] }: Summary): VisualizationSuggestion<AlertsOptions>[] {
  const fits = rawFrames.some((frame) => createColumns(frame).has('id', 'rule', 'severity', 'state'))
  return fits ? [{ name: 'Alert list', score: VisualizationSuggestionScore.Best }] : []
}
