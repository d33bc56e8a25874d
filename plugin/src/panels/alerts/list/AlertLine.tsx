import { css, cx } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, useStyles2 } from '@grafana/ui'
import { memo } from 'react'
import { toDurationText } from '../../../format/durations.ts'
import { Glyph } from '../../../ui/Glyph.tsx'
import { Sparkline } from '../../../ui/Sparkline.tsx'
import { StateTag } from '../../../ui/StateTag.tsx'
import { toneColors } from '../../../ui/tone.ts'
import type { OnAct } from '../actions/use-alert-actions.ts'
import { noClearCause } from '../cause-facts.ts'
import { severityLooks, stateLooks } from '../looks.ts'
import { toShownLabels } from '../shown-labels.ts'
import type { ValueFormat } from '../shown-value.ts'
import { type AlertRow, isOpen, toAgeMs } from '../view-model.ts'

type Props = {
  lineKey: string
  row: AlertRow
  now: number
  height: number
  narrow: boolean
  /** Summary and cause stand beneath each other. */
  stacked: boolean
  labels: string
  /** Names of labels that all alerts of the list share. */
  shared: ReadonlySet<string>
  formatValue: ValueFormat
  selected: boolean
  tabStop: boolean
  onToggle: () => void
  onAct: OnAct | undefined
  mayAct: boolean
}

/** One alert: how bad, what, since when, who has it, what came before. */
export const AlertLine = memo(function AlertLine(props: Props) {
  const { lineKey, row, now, height, formatValue, narrow, stacked, selected, tabStop, onToggle, onAct, mayAct } = props
  const styles = useStyles2(getStyles)
  const severity = severityLooks[row.severity]
  const over = row.state === 'resolved'
  const isLoud = row.severity === 'critical' && isOpen(row)
  return (
    <li className={cx(styles.line, selected && styles.selected, over && styles.over)} style={{ height }}>
      <span className={cx(styles.edge, !over && styles[severity.tone], isLoud && styles.loud)} />
      <button
        type="button"
        className={styles.open}
        data-line={lineKey}
        tabIndex={tabStop ? 0 : -1}
        aria-expanded={selected}
        {...(onAct && mayAct && !over && { 'aria-keyshortcuts': 'A U S R Shift+A Shift+S' })}
        onClick={onToggle}
      >
        <span className={styles.first}>
          <StateTag tone={over ? 'quiet' : severity.tone} glyph={severity.glyph} word={severity.word} solid={isLoud} />
          <span className={styles.rule} title={row.rule} dir="auto">
            {row.rule}
          </span>
          {row.source !== '' && <StateTag tone="quiet" glyph="link" word={`from ${row.source}`} />}
          {row.isSuppressed && <StateTag tone="quiet" glyph="mute" word={toSuppressedWord(row)} />}
          {row.isFlapping && <StateTag tone="quiet" glyph="undo" word="Flapping" />}
          <Labels row={row} asked={props.labels} shared={props.shared} narrow={narrow} />
        </span>
        <span className={cx(styles.second, stacked && styles.stacked)}>
          {row.summary !== '' && (
            <span className={styles.summary} title={row.summary} dir="auto">
              {row.summary}
            </span>
          )}
          {row.cause !== '' && row.cause !== noClearCause && (
            <span className={styles.cause} title={`after ${row.cause}`}>
              <Glyph name="link" size={12} /> after {row.cause}
            </span>
          )}
        </span>
        {narrow && <Standing row={row} now={now} formatValue={formatValue} place="inLine" />}
      </button>
      {!narrow && <Standing row={row} now={now} formatValue={formatValue} place={stacked ? 'slim' : 'wide'} />}
      {!narrow && onAct && mayAct && !over && (
        <span className={styles.action}>
          <button
            type="button"
            className={styles.silence}
            tabIndex={tabStop ? 0 : -1}
            onClick={() => onAct('silence', row)}
            aria-label={`Silence ${row.rule}`}
            title="Silence"
          >
            <Glyph name="mute" size={15} />
          </button>
          <Button
            size="sm"
            variant="secondary"
            fill={row.acknowledgedBy === '' ? 'solid' : 'text'}
            tabIndex={tabStop ? 0 : -1}
            onClick={() => onAct(row.acknowledgedBy === '' ? 'ack' : 'unack', row)}
            aria-label={`${row.acknowledgedBy === '' ? 'Acknowledge' : 'Give back'} ${row.rule}`}
          >
            {row.acknowledgedBy === '' ? 'Acknowledge' : 'Give back'}
          </Button>
        </span>
      )}
    </li>
  )
})

function toOwnerTitle({ acknowledgedBy, acknowledgeComment }: AlertRow): string {
  return acknowledgeComment === '' ? `${acknowledgedBy} has it` : `${acknowledgedBy}: ${acknowledgeComment}`
}

function toSuppressedWord({ silencedBy, inhibitedBy }: AlertRow): string {
  if (silencedBy.length > 0) return 'Silenced'
  return inhibitedBy.length > 0 ? 'Inhibited' : 'Muted'
}

/** In a narrow line only those that tell it apart. */
function Labels({ row, asked, shared, narrow }: Pick<Props, 'row' | 'shared' | 'narrow'> & { asked: string }) {
  const styles = useStyles2(getStyles)
  const labels = toShownLabels(row, asked, shared).filter(([name]) => !narrow || asked !== '' || !shared.has(name))
  if (labels.length === 0) return null
  return (
    <span className={styles.labels} title={labels.map((pair) => pair.join('=')).join('\n')}>
      {labels.map(([name, value]) => (
        <span key={name} className={styles.label}>
          {name}={value}
        </span>
      ))}
    </span>
  )
}

type StandingProps = Pick<Props, 'row' | 'now' | 'formatValue'> & {
  /** In a line of its own, or beside with little room or much. */ place: 'inLine' | 'slim' | 'wide'
}

/** State, age, value, and who has it. */
function Standing({ row, now, formatValue, place }: StandingProps) {
  const styles = useStyles2(getStyles)
  const state = stateLooks[row.state]
  const ageMs = toAgeMs(row, now)
  const value = formatValue(row.value)
  return (
    <span className={cx(styles.standing, styles[place])}>
      <span className={styles.standingLine}>
        <StateTag tone={state.tone} glyph={state.glyph} word={state.word} />
        {ageMs !== null && (
          <span className={styles.age}>{row.state === 'resolved' ? `lasted ${toDurationText(ageMs)}` : toDurationText(ageMs)}</span>
        )}
      </span>
      <span className={styles.standingLine}>
        {value !== '' && (
          <span className={styles.value} title={`value ${value}`}>
            value {value}
          </span>
        )}
        {place === 'wide' && row.acknowledgedBy === '' && <Sparkline values={row.recent} />}
        {row.acknowledgedBy !== '' && (
          <span className={styles.owner} title={toOwnerTitle(row)}>
            <Glyph name="person" size={12} /> {row.acknowledgedBy} has it
          </span>
        )}
      </span>
    </span>
  )
}

const getStyles = (theme: GrafanaTheme2) => {
  const clipped = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const
  const small = { fontSize: theme.typography.bodySmall.fontSize, color: theme.colors.text.secondary }
  return {
    line: css({
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      paddingRight: theme.spacing(1),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      '&:hover': { background: theme.colors.background.secondary },
    }),
    // An outline, not a shadow: it is seen in forced colours, too.
    selected: css({ outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 }),
    over: css({ opacity: 0.9 }),
    edge: css({
      flex: 'none',
      width: 3,
      marginRight: 3,
      alignSelf: 'stretch',
      '@media (forced-colors: active)': { background: 'CanvasText' },
    }),
    loud: css({ width: 6, marginRight: 0 }),
    good: css({ background: toneColors(theme, 'good').solid }),
    warning: css({ background: toneColors(theme, 'warning').solid }),
    serious: css({ background: toneColors(theme, 'serious').solid }),
    bad: css({ background: toneColors(theme, 'bad').solid }),
    info: css({ background: toneColors(theme, 'info').solid }),
    quiet: css({ background: toneColors(theme, 'quiet').solid }),
    open: css({
      flex: 1,
      minWidth: 0,
      height: '100%',
      display: 'flex',
      flexDirection: 'column',
      justifyContent: 'center',
      gap: 2,
      border: 0,
      padding: 0,
      background: 'none',
      color: 'inherit',
      textAlign: 'left',
      cursor: 'pointer',
      // Grafana's own ring lies around a button; here that is the neighbouring lines.
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2, boxShadow: 'none' },
    }),
    first: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), minWidth: 0 }),
    rule: css({ fontWeight: theme.typography.fontWeightMedium, flex: '0 1 auto', ...clipped }),
    second: css({ ...small, display: 'flex', gap: theme.spacing(1.5), minWidth: 0, minHeight: 18 }),
    stacked: css({ flexDirection: 'column', gap: 0, '& > *': { maxWidth: '100%' } }),
    summary: css(clipped),
    // A long summary gives way first, to its first words: what came before is worth more at a glance.
    cause: css({
      ...clipped,
      flex: 'none',
      maxWidth: 'max(60%, calc(100% - 160px))',
      color: theme.colors.text.primary,
      '& svg': { verticalAlign: '-1px' },
    }),
    labels: css({ display: 'flex', gap: theme.spacing(0.5), overflow: 'hidden', flex: '1 1 0', minWidth: 0 }),
    label: css({
      ...small,
      padding: theme.spacing(0, 0.5),
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
      whiteSpace: 'nowrap',
    }),
    standing: css({ flex: 'none', display: 'flex', flexDirection: 'column', gap: 2 }),
    wide: css({ width: 232 }),
    slim: css({ width: 168 }),
    inLine: css({ flexDirection: 'row', width: '100%', gap: theme.spacing(1.5) }),
    standingLine: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), minHeight: 18 }),
    age: css({ fontVariantNumeric: 'tabular-nums' }),
    value: css({ ...small, ...clipped, minWidth: 0, fontVariantNumeric: 'tabular-nums' }),
    owner: css({ ...small, color: theme.colors.text.primary, maxWidth: 160, ...clipped, '& svg': { verticalAlign: '-1px' } }),
    action: css({ flex: 'none', width: 132, display: 'flex', alignItems: 'center', gap: theme.spacing(0.5) }),
    silence: css({
      display: 'inline-flex',
      padding: theme.spacing(0.5),
      border: 0,
      borderRadius: theme.shape.radius.default,
      background: 'none',
      color: theme.colors.text.secondary,
      cursor: 'pointer',
      '&:hover': { background: theme.colors.action.hover, color: theme.colors.text.primary },
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}` },
    }),
  }
}
