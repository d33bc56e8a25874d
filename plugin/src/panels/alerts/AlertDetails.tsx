import { css } from '@emotion/css'
import { dateTimeFormat, type GrafanaTheme2, type LinkModel, type TimeZone } from '@grafana/data'
import { Button, IconButton, TextLink, useStyles2 } from '@grafana/ui'
import { toDurationText } from '../../format/durations.ts'
import { Facts } from '../../ui/Facts.tsx'
import { Sparkline } from '../../ui/Sparkline.tsx'
import { StateTag } from '../../ui/StateTag.tsx'
import { severityLooks, stateLooks } from './looks.ts'
import { type SilenceDoors, SilencesOfAlert } from './SilencesOfAlert.tsx'
import { type MarkAlert, UsefulMarks } from './UsefulMarks.tsx'
import type { OnAct } from './use-alert-actions.ts'
import { type AlertRow, toAgeMs, toValueText } from './view-model.ts'

type Props = {
  row: AlertRow
  links: readonly LinkModel[]
  /** The alerts that keep it from receivers, in words. */
  inhibitors: string
  now: number
  timeZone: TimeZone
  /** Beside the list rather than beneath it. */
  beside: boolean
  onClose: () => void
  onAct: OnAct | undefined
  /** Why nothing can be done, if so. */
  refusal: string | undefined
  silences: SilenceDoors
  mark: MarkAlert
}

/** Everything known of one alert, and what can be done with it. */
export function AlertDetails({ row, links, inhibitors, now, timeZone, beside, onClose, onAct, refusal, silences, mark }: Props) {
  const styles = useStyles2(getStyles)
  const time = (at: number | null) => (at === null ? '' : dateTimeFormat(at, { timeZone }))
  const severity = severityLooks[row.severity]
  const state = stateLooks[row.state]
  const ageMs = toAgeMs(row, now)
  return (
    <section
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className={beside ? styles.beside : styles.beneath}
      aria-label={`Details of ${row.rule}`}
    >
      <div className={styles.head}>
        <strong className={styles.rule}>{row.rule}</strong>
        <IconButton name="times" tooltip="Close details" onClick={onClose} />
      </div>
      {row.summary !== '' && <p className={styles.summary}>{row.summary}</p>}
      {onAct && row.state !== 'resolved' && <Actions row={row} onAct={onAct} refusal={refusal} />}
      {row.state !== 'pending' && <UsefulMarks key={row.id} row={row} mark={mark} disabled={refusal !== undefined} />}
      {row.silencedBy.length > 0 && (
        <SilencesOfAlert {...silences} ids={row.silencedBy} timeZone={timeZone} mayEnd={onAct !== undefined && refusal === undefined} />
      )}
      <Facts
        facts={[
          ['Severity', <StateTag key="severity" tone={severity.tone} glyph={severity.glyph} word={severity.word} />],
          ['State', <StateTag key="state" tone={state.tone} glyph={state.glyph} word={state.word} />],
          [
            'Value',
            row.value === null ? (
              ''
            ) : (
              <span key="value" className={styles.value}>
                {toValueText(row.value)} <Sparkline values={row.recent} width={160} height={24} />
              </span>
            ),
          ],
          ['Evaluated by', row.source],
          ['Since', time(row.startsAt)],
          ['Until', time(row.endsAt)],
          ['Lasts', ageMs === null ? '' : toDurationText(ageMs)],
          ...(row.causeFacts.length > 0 ? row.causeFacts : [['Changed before', row.cause] as const]),
          ['Acknowledged by', row.acknowledgedBy],
          ['Acknowledged until', time(row.acknowledgedUntil)],
          ['Comment', row.acknowledgeComment],
          ['Kept back by', inhibitors],
          ['Muted by', row.mutedBy.join(', ')],
          ['Flapping', row.isFlapping ? 'It comes and goes; receivers hear no more until it settles.' : ''],
          ...Object.entries(row.labels),
          ...Object.entries(row.annotations).filter(([name]) => name !== 'summary'),
        ]}
      />
      <Links links={links} />
    </section>
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
          Take acknowledgement back
        </Button>
      )}
      <Button size="sm" variant="secondary" disabled={disabled} onClick={() => onAct('silence', row)}>
        Silence
      </Button>
      <Button size="sm" variant="destructive" fill="outline" disabled={disabled} onClick={() => onAct('resolve', row)}>
        Resolve
      </Button>
      <span className={styles.refusal}>{refusal ?? 'On a row: A acknowledges, S silences, R resolves.'}</span>
    </div>
  )
}

function Links({ links }: Pick<Props, 'links'>) {
  if (links.length === 0) return null
  return (
    <p>
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
    beneath: css({ ...pane, flex: '0 1 55%', borderTop: `1px solid ${theme.colors.border.medium}` }),
    head: css({ display: 'flex', alignItems: 'flex-start', justifyContent: 'space-between', gap: theme.spacing(1) }),
    rule: css({ overflowWrap: 'anywhere' }),
    summary: css({ margin: theme.spacing(0.5, 0, 1) }),
    value: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1) }),
    actions: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), margin: theme.spacing(1, 0) }),
    refusal: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, alignSelf: 'center' }),
  }
}
