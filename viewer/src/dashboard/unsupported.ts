import type { Dashboard, Panel, RowPanel } from '@grafana/schema'

/** Sentences on what a dashboard asks for and this viewer does not do, so that nobody reads a panel wrongly. */
export function listUnsupported(dashboard: Dashboard, unknownVariables: readonly string[]): string[] {
  const variables = unknownVariables.map((name) => `This viewer does not know the type of the variable ${name}; it is left out.`)
  return [...variables, ...(dashboard.panels ?? []).flatMap((part) => (isRow(part) ? part.panels.flatMap(listOfPanel) : listOfPanel(part)))]
}

function listOfPanel({ title, repeat, timeFrom, timeShift }: Panel): string[] {
  const name = `The panel "${title ?? ''}"`
  return [
    ...(repeat ? [`${name} is repeated for each value of $${repeat} in Grafana; this viewer shows it once.`] : []),
    ...(timeFrom || timeShift ? [`${name} has a time range of its own in Grafana; this viewer shows the dashboard's.`] : []),
  ]
}

function isRow(part: Panel | RowPanel): part is RowPanel {
  return part.type === 'row'
}
