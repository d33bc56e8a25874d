import { css, cx } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Combobox, FilterInput, useStyles2 } from '@grafana/ui'
import { type ReactNode, useMemo } from 'react'
import { Glyph } from '../../../ui/Glyph.tsx'
import { TogglePill } from '../../../ui/TogglePill.tsx'
import { severitiesByRank, severityLooks, stateLooks, statesByRank } from '../looks.ts'
import { type AlertFilter, type AlertRow, isOpen } from '../view-model.ts'
import { toggle, toLabelChoices } from './filter.ts'

type Props = {
  /** Keeps to one line that scrolls, with what says most first. */ narrow: boolean
  rows: readonly AlertRow[]
  /** Names of labels that may be chosen; all of them when empty. */
  labels: readonly string[]
  filter: AlertFilter
  onChange: (filter: AlertFilter) => void
  /** Stands at the end of the bar. */
  children?: ReactNode
}

/** Narrows the list by severity, state, label and text; only what occurs is offered, with how often. */
export function AlertFilters({ narrow, rows, labels, filter, onChange, children }: Props) {
  const styles = useStyles2(getStyles)
  const counted = useMemo(
    () => ({
      severities: Map.groupBy(rows, (row) => row.severity),
      states: Map.groupBy(rows, (row) => row.state),
      suppressed: rows.filter((row) => row.isSuppressed).length,
      open: rows.filter(isOpen).length,
      acknowledged: rows.some((row) => row.acknowledgedBy !== ''),
    }),
    [rows],
  )
  return (
    <search className={cx(styles.bar, narrow && styles.oneLine)} aria-label="Filter alerts">
      <div className={cx(styles.text, narrow && styles.shorter)}>
        <FilterInput
          placeholder={narrow ? 'Search' : 'Rule, label, cause'}
          aria-label="Text"
          value={filter.text}
          onChange={(text) => onChange({ ...filter, text })}
          escapeRegex={false}
        />
      </div>
      {!narrow && <LabelFilter rows={rows} labels={labels} filter={filter} onChange={onChange} />}
      <fieldset className={styles.pills} aria-label="Severity">
        {severitiesByRank
          .filter((severity) => counted.severities.has(severity) || filter.severities.has(severity))
          .map((severity) => (
            <TogglePill
              key={severity}
              {...severityLooks[severity]}
              count={counted.severities.get(severity)?.length ?? 0}
              pressed={filter.severities.has(severity)}
              onToggle={() => onChange({ ...filter, severities: toggle(filter.severities, severity) })}
            />
          ))}
      </fieldset>
      <fieldset className={styles.pills} aria-label="State">
        {statesByRank
          .filter((state) => counted.states.has(state) || filter.states.has(state))
          .map((state) => (
            <TogglePill
              key={state}
              {...stateLooks[state]}
              count={counted.states.get(state)?.length ?? 0}
              pressed={filter.states.has(state)}
              onToggle={() => onChange({ ...filter, states: toggle(filter.states, state) })}
            />
          ))}
        {(counted.acknowledged || filter.onlyOpen) && (
          <TogglePill
            glyph="person"
            word="Nobody has it"
            count={counted.open}
            pressed={filter.onlyOpen}
            onToggle={() => onChange({ ...filter, onlyOpen: !filter.onlyOpen })}
          />
        )}
        {counted.suppressed > 0 && (
          <TogglePill
            glyph="mute"
            word="Suppressed"
            count={counted.suppressed}
            pressed={filter.showsSuppressed}
            onToggle={() => onChange({ ...filter, showsSuppressed: !filter.showsSuppressed })}
          />
        )}
      </fieldset>
      {narrow && <LabelFilter rows={rows} labels={labels} filter={filter} onChange={onChange} />}
      {children}
    </search>
  )
}

/** Labels are chosen one by one; each stands as a pill that takes it away again. */
function LabelFilter({ rows, labels, filter, onChange }: Omit<Props, 'narrow' | 'children'>) {
  const styles = useStyles2(getStyles)
  // Worked out when somebody opens the list: thousands of alerts have thousands of labels to put in order.
  const offer = async (typed: string) =>
    toLabelChoices(rows, labels)
      .filter((pair) => !filter.labels.has(pair) && pair.toLowerCase().includes(typed.toLowerCase()))
      .map((pair) => ({ value: pair, label: pair }))
  return (
    <fieldset className={styles.pills} aria-label="Label">
      <Combobox
        aria-label="Label"
        placeholder="Label"
        options={offer}
        value={null}
        onChange={({ value }) => onChange({ ...filter, labels: toggle(filter.labels, value) })}
        width={18}
      />
      {[...filter.labels].map((pair) => (
        <button
          key={pair}
          type="button"
          className={styles.chosen}
          aria-label={`Any ${pair.slice(0, pair.indexOf('='))} rather than ${pair}`}
          onClick={() => onChange({ ...filter, labels: toggle(filter.labels, pair) })}
        >
          {pair} <Glyph name="cross" size={10} />
        </button>
      ))}
    </fieldset>
  )
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
  text: css({ width: 210, maxWidth: '100%' }),
  shorter: css({ width: 150 }),
  pills: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    margin: 0,
    padding: 0,
    border: 0,
    minWidth: 0,
  }),
  chosen: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    height: 24,
    padding: theme.spacing(0, 1),
    border: `1px solid ${theme.colors.primary.border}`,
    borderRadius: theme.shape.radius.pill,
    background: theme.colors.primary.transparent,
    color: theme.colors.text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
    cursor: 'pointer',
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  }),
})
