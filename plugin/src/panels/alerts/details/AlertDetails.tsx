import { css } from '@emotion/css'
import { dateTimeFormat, type GrafanaTheme2, type LinkModel, type TimeZone } from '@grafana/data'
import { Button, IconButton, TextLink, useStyles2 } from '@grafana/ui'
import { useEffect, useRef } from 'react'
import { toDurationText } from '../../../format/durations.ts'
import { Facts } from '../../../ui/Facts.tsx'
import { Sparkline } from '../../../ui/Sparkline.tsx'
import { StateTag } from '../../../ui/StateTag.tsx'
import type { OnAct } from '../actions/use-alert-actions.ts'
import { severityLooks, stateLooks } from '../looks.ts'
import type { ValueFormat } from '../shown-value.ts'
import { type AlertRow, toAgeMs } from '../view-model.ts'
import { LabelsOfAlert } from './LabelsOfAlert.tsx'
import { isWebAddress, toLinksOfAlert } from './links-of-alert.ts'
import { type SilenceDoors, SilencesOfAlert } from './SilencesOfAlert.tsx'
import { type MarkAlert, UsefulMarks } from './UsefulMarks.tsx'

type Props = {
  row: AlertRow
  links: readonly LinkModel[]
  /** The alerts that keep it from receivers, in words. */
  inhibitors: string
  now: number
  timeZone: TimeZone
  formatValue: ValueFormat
  /** Beside the list, beneath it, or over it where there is no room for both. */
  place: DetailsPlace
  /** It is in the list no more. */
  isGone: boolean
  onClose: () => void
  onAct: OnAct | undefined
  /** Why nothing can be done, if so. */
  refusal: string | undefined
  silences: SilenceDoors
  mark: MarkAlert
  /** Labels the filter asks for, and how to ask for another. */
  chosenLabels: ReadonlySet<string>
  onLabel: ((pair: string) => void) | undefined
}

export type DetailsPlace = 'beside' | 'beneath' | 'over'

/** Everything known of one alert, and what can be done with it. */
export function AlertDetails(props: Props) {
  const { row, links, timeZone, place, isGone, onClose, onAct, refusal, silences, mark } = props
  const styles = useStyles2(getStyles)
  const rootRef = useRef<HTMLElement>(null)
  useEffect(() => {
    // What covers the list takes the focus from it, and may lie below the screen's edge.
    if (place !== 'over') return
    rootRef.current?.focus({ preventScroll: true })
    rootRef.current?.scrollIntoView?.({ block: 'nearest' })
  }, [place])
  return (
    <section
      ref={rootRef}
      tabIndex={-1}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className={styles[place]}
      aria-label={`Details of ${row.rule}`}
    >
      <div className={styles.head}>
        <strong className={styles.rule} title={row.rule} dir="auto">
          {row.rule}
        </strong>
        <IconButton name="times" tooltip="Close details" onClick={onClose} />
      </div>
      {isGone && (
        <p role="status" className={styles.summary}>
          It is over, or no longer in this list; this is how it stood last.
        </p>
      )}
      {row.summary !== '' && (
        <p className={styles.summary} dir="auto">
          {row.summary}
        </p>
      )}
      <Links links={[...toLinksOfAlert(row).map((link) => ({ ...link, target: '_blank' as const })), ...links]} />
      {onAct && !isGone && row.state !== 'resolved' && <Actions row={row} onAct={onAct} refusal={refusal} />}
      {row.state !== 'pending' && <UsefulMarks key={row.id} row={row} mark={mark} disabled={refusal !== undefined} />}
      {row.silencedBy.length > 0 && (
        <SilencesOfAlert {...silences} ids={row.silencedBy} timeZone={timeZone} mayEnd={onAct !== undefined && refusal === undefined} />
      )}
      <Standing {...props} />
      <LabelsOfAlert row={row} chosen={props.chosenLabels} onToggle={props.onLabel} />
      <Facts facts={Object.entries(row.annotations).filter(([name, text]) => name !== 'summary' && !isWebAddress(text))} />
    </section>
  )
}

/** How it stands: what came before it, who has it, and what keeps it from people. */
function Standing({ row, inhibitors, now, timeZone, formatValue }: Props) {
  const styles = useStyles2(getStyles)
  const time = (at: number | null) => (at === null ? '' : dateTimeFormat(at, { timeZone }))
  const severity = severityLooks[row.severity]
  const state = stateLooks[row.state]
  const ageMs = toAgeMs(row, now)
  const value = (
    <span key="value" className={styles.value}>
      {formatValue(row.value)} <Sparkline values={row.recent} width={160} height={24} />
    </span>
  )
  return (
    <Facts
      facts={[
        ...(row.causeFacts.length > 0 ? row.causeFacts : [['Changed before', row.cause] as const]),
        ['Severity', <StateTag key="severity" tone={severity.tone} glyph={severity.glyph} word={severity.word} />],
        ['State', <StateTag key="state" tone={state.tone} glyph={state.glyph} word={state.word} />],
        ['Value', row.value === null ? '' : value],
        ['Evaluated by', row.source],
        ['Since', time(row.startsAt)],
        ['Until', time(row.endsAt)],
        [row.endsAt === null ? 'Lasts' : 'Lasted', ageMs === null ? '' : toDurationText(ageMs)],
        ['Acknowledged by', row.acknowledgedBy],
        ['Acknowledged until', time(row.acknowledgedUntil)],
        ['Comment', row.acknowledgeComment],
        ['Kept back by', inhibitors],
        ['Muted by', row.mutedBy.join(', ')],
        ['Flapping', row.isFlapping ? 'It comes and goes; receivers hear no more until it settles.' : ''],
      ]}
    />
  )
}

function Actions({ row, onAct, refusal }: { row: AlertRow; onAct: NonNullable<Props['onAct']>; refusal: string | undefined }) {
  const styles = useStyles2(getStyles)
  const disabled = refusal !== undefined
  return (
    <div className={styles.actions}>
      {row.acknowledgedBy === '' ? (
        <Button size="sm" disabled={disabled} onClick={() => onAct('ack', row)}>
          Acknowledge
        </Button>
      ) : (
        <Button size="sm" variant="secondary" disabled={disabled} onClick={() => onAct('unack', row)}>
          Give back
        </Button>
      )}
      <Button size="sm" variant="secondary" disabled={disabled} onClick={() => onAct('silence', row)}>
        Silence
      </Button>
      <Button size="sm" variant="destructive" fill="outline" disabled={disabled} onClick={() => onAct('resolve', row)}>
        Resolve
      </Button>
      <span className={styles.refusal}>
        {refusal ?? 'On a row: A acknowledges, U gives back, S silences, R resolves; Shift with A or S means its whole group.'}
      </span>
    </div>
  )
}

function Links({ links }: { links: readonly Pick<LinkModel, 'title' | 'href' | 'target'>[] }) {
  const styles = useStyles2(getStyles)
  if (links.length === 0) return null
  return (
    <p className={styles.links}>
      {links.map((link) => (
        <TextLink key={`${link.title} ${link.href}`} href={link.href} external={link.target === '_blank'}>
          {link.title}
        </TextLink>
      ))}
    </p>
  )
}

const getStyles = (theme: GrafanaTheme2) => {
  const pane = { overflow: 'auto', padding: theme.spacing(1), background: theme.colors.background.secondary } as const
  return {
    beside: css({ ...pane, flex: 'none', width: 380, borderLeft: `1px solid ${theme.colors.border.weak}` }),
    over: css({ ...pane, position: 'absolute', inset: 0, zIndex: 1 }),
    beneath: css({ ...pane, flex: '0 1 55%', borderTop: `1px solid ${theme.colors.border.medium}` }),
    head: css({ display: 'flex', alignItems: 'flex-start', justifyContent: 'space-between', gap: theme.spacing(1) }),
    // A name of hundreds of letters leaves room for what can be done.
    rule: css({ overflowWrap: 'anywhere', display: '-webkit-box', WebkitBoxOrient: 'vertical', WebkitLineClamp: 3, overflow: 'hidden' }),
    summary: css({ margin: theme.spacing(0.5, 0, 1), overflowWrap: 'anywhere' }),
    links: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0.5, 2), margin: theme.spacing(0, 0, 1) }),
    value: css({ display: 'flex', flexWrap: 'wrap', overflowWrap: 'normal', alignItems: 'center', gap: theme.spacing(1) }),
    actions: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), margin: theme.spacing(1, 0) }),
    refusal: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, alignSelf: 'center' }),
  }
}
