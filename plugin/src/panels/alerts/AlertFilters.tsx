import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { FilterInput, FilterPill, useStyles2 } from '@grafana/ui'
import { severitiesByRank, severityLooks, stateLooks, statesByRank } from './looks.ts'
import type { AlertFilter, AlertRow } from './view-model.ts'

type Props = { rows: readonly AlertRow[]; filter: AlertFilter; onChange: (filter: AlertFilter) => void }

/** Narrows the list by severity, state and text; only what occurs is offered, with how often. */
export function AlertFilters({ rows, filter, onChange }: Props) {
  const styles = useStyles2(getStyles)
  const bySeverity = Map.groupBy(rows, (row) => row.severity)
  const byState = Map.groupBy(rows, (row) => row.state)
  return (
    <search className={styles.bar} aria-label="Filter alerts">
      <div className={styles.text}>
        <FilterInput
          placeholder="Rule, label, summary"
          aria-label="Text"
          value={filter.text}
          onChange={(text) => onChange({ ...filter, text })}
          escapeRegex={false}
        />
      </div>
      {severitiesByRank
        .filter((severity) => bySeverity.has(severity) || filter.severities.has(severity))
        .map((severity) => (
          <FilterPill
            key={severity}
            label={`${severityLooks[severity].word} ${bySeverity.get(severity)?.length ?? 0}`}
            selected={filter.severities.has(severity)}
            onClick={() => onChange({ ...filter, severities: toggle(filter.severities, severity) })}
          />
        ))}
      <span className={styles.gap} />
      {statesByRank
        .filter((state) => byState.has(state) || filter.states.has(state))
        .map((state) => (
          <FilterPill
            key={state}
            label={`${stateLooks[state].word} ${byState.get(state)?.length ?? 0}`}
            selected={filter.states.has(state)}
            onClick={() => onChange({ ...filter, states: toggle(filter.states, state) })}
          />
        ))}
    </search>
  )
}

export function toggle<T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> {
  const next = new Set(set)
  if (!next.delete(member)) next.add(member)
  return next
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    flex: 'none',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0, 1, 0.75),
  }),
  text: css({ width: 220, maxWidth: '100%' }),
  gap: css({ width: theme.spacing(1) }),
})
