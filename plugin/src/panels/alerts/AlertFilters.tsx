import { css, cx } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { FilterInput, useStyles2 } from '@grafana/ui'
import { TogglePill } from '../../ui/TogglePill.tsx'
import { severitiesByRank, severityLooks, stateLooks, statesByRank } from './looks.ts'
import type { AlertFilter, AlertRow } from './view-model.ts'

type Props = {
  /** Keeps to one line that scrolls. */ narrow: boolean
  rows: readonly AlertRow[]
  filter: AlertFilter
  onChange: (filter: AlertFilter) => void
}

/** Narrows the list by severity, state and text; only what occurs is offered, with how often. */
export function AlertFilters({ narrow, rows, filter, onChange }: Props) {
  const styles = useStyles2(getStyles)
  const bySeverity = Map.groupBy(rows, (row) => row.severity)
  const byState = Map.groupBy(rows, (row) => row.state)
  return (
    <search className={cx(styles.bar, narrow && styles.oneLine)} aria-label="Filter alerts">
      <div className={styles.text}>
        <FilterInput
          placeholder="Rule, label, summary"
          aria-label="Text"
          value={filter.text}
          onChange={(text) => onChange({ ...filter, text })}
          escapeRegex={false}
        />
      </div>
      <fieldset className={styles.pills} aria-label="Severity">
        {severitiesByRank
          .filter((severity) => bySeverity.has(severity) || filter.severities.has(severity))
          .map((severity) => (
            <TogglePill
              key={severity}
              {...severityLooks[severity]}
              count={bySeverity.get(severity)?.length ?? 0}
              pressed={filter.severities.has(severity)}
              onToggle={() => onChange({ ...filter, severities: toggle(filter.severities, severity) })}
            />
          ))}
      </fieldset>
      <fieldset className={styles.pills} aria-label="State">
        {statesByRank
          .filter((state) => byState.has(state) || filter.states.has(state))
          .map((state) => (
            <TogglePill
              key={state}
              {...stateLooks[state]}
              count={byState.get(state)?.length ?? 0}
              pressed={filter.states.has(state)}
              onToggle={() => onChange({ ...filter, states: toggle(filter.states, state) })}
            />
          ))}
      </fieldset>
    </search>
  )
}

/** The set with a member put in, or taken out when it was there. */
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
    gap: theme.spacing(0.5, 1.5),
    padding: theme.spacing(0.5, 1),
  }),
  oneLine: css({ flexWrap: 'nowrap', overflowX: 'auto', '& > *': { flex: 'none' }, '& > fieldset': { flexWrap: 'nowrap' } }),
  text: css({ width: 180, maxWidth: '100%' }),
  pills: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5), margin: 0, padding: 0, border: 0, minWidth: 0 }),
})
