import { css } from '@emotion/css'
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from '@grafana/data'
import { Button, useStyles2 } from '@grafana/ui'
import { type ReactNode, useState } from 'react'
import type { ReplayedMessage, ReplayReport } from '../../../../../collector/src/contract/replay.ts'
import { toDurationText } from '../../../format/durations.ts'
import { Glyph } from '../../../ui/Glyph.tsx'
import { StateTag } from '../../../ui/StateTag.tsx'
import { severityLooks, stateLooks } from '../looks.ts'
import { type Incident, toCaveats, toMissed, toSentence, toSubject, toUntold } from './report-view.ts'

type Props = {
  report: ReplayReport
  incidents: /** Null: they could not be read; undefined: they are on their way. */ readonly Incident[] | null | undefined
  timeZone: TimeZone
}

/** Lines of a list that are shown until somebody asks for more. */
const shownAtOnce = 100

/** What was found: first what would have been missed, then how loud it would have been, then every message. */
export function ReplayReportView({ report, incidents, timeZone }: Props) {
  const styles = useStyles2(getStyles)
  const time = (at: string | number) => dateTimeFormat(typeof at === 'number' ? at : Date.parse(at), { timeZone })
  const untold = toUntold(report)
  return (
    <div>
      <p className={styles.sentence} role="status">
        {toSentence(report)}
      </p>
      {toCaveats(report).map((caveat) => (
        <p key={caveat} className={styles.caveat}>
          <Glyph name="alert" /> {caveat}
        </p>
      ))}
      <Missed report={report} incidents={incidents} time={time} />
      <div className={styles.tables}>
        <Table
          title="By rule"
          heads={['Rule', 'Alerts', 'Messages', 'Firing']}
          rows={report.rules.map(({ rule, alerts, messages, firingMs }) => [rule, alerts, messages, toDurationText(firingMs)])}
        />
        <Table
          title="By receiver"
          heads={['Receiver', 'Firing', 'Resolved']}
          rows={report.receivers.map(({ receiver, firing, resolved }) => [receiver, firing, resolved])}
        />
      </div>
      <List title="Messages" items={report.messages}>
        {(message) => <Message message={message} time={time} />}
      </List>
      {untold.length > 0 && (
        <List title="Fired, and nobody would have been told" items={untold}>
          {({ rule, summary, startsAt, suppressedBy }) => (
            <>
              <span className={styles.time}>{time(startsAt)}</span>
              <span>
                <strong>{rule}</strong>: {summary}
                {suppressedBy.length > 0 && ` (${suppressedBy.join(', ')})`}
              </span>
            </>
          )}
        </List>
      )}
    </div>
  )
}

type MissedProps = Pick<Props, 'report' | 'incidents'> & { time: (at: number) => string }

function Missed({ report, incidents, time }: MissedProps) {
  const styles = useStyles2(getStyles)
  if (incidents === undefined) return null
  if (incidents === null) return <p className={styles.caveat}>What really happened then could not be read, so nothing is compared.</p>
  const missed = toMissed(incidents, report)
  const of = `of ${incidents.length} that somebody acknowledged or called useful`
  if (incidents.length === 0)
    return <p className={styles.caveat}>Nobody acknowledged an alert of that time or called one useful, so nothing can be missed.</p>
  if (missed.length === 0) {
    return (
      <p className={styles.good}>
        <Glyph name="check" /> No real incident would have been missed, {of}.
      </p>
    )
  }
  return (
    <List title={`Real incidents that would have been missed: ${missed.length} ${of}`} items={missed}>
      {({ rule, summary, startsAt, acknowledgedBy }) => (
        <>
          <span className={styles.time}>{startsAt === null ? '' : time(startsAt)}</span>
          <span>
            <strong>{rule}</strong>: {summary}
            {acknowledgedBy !== '' && ` (${acknowledgedBy} had it)`}
          </span>
        </>
      )}
    </List>
  )
}

/** When, to whom, what and why. */
function Message({ message, time }: { message: ReplayedMessage; time: (at: string) => string }) {
  const styles = useStyles2(getStyles)
  const [first] = message.alerts
  const look = message.status === 'resolved' ? stateLooks.resolved : severityLooks[first?.severity ?? 'warning']
  return (
    <>
      <span className={styles.time}>{time(message.at)}</span>
      <StateTag tone={look.tone} glyph={look.glyph} word={look.word} />
      <span>to {message.receiver}</span>
      <span className={styles.subject}>{toSubject(message)}</span>
      <span className={styles.reason}>{message.reason}</span>
    </>
  )
}

function Table({ title, heads, rows }: { title: string; heads: readonly string[]; rows: readonly (readonly (string | number)[])[] }) {
  const styles = useStyles2(getStyles)
  if (rows.length === 0) return null
  return (
    <table className={styles.table}>
      <caption>{title}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={String(row[0])}>
            {row.map((cell, column) => (
              <td key={heads[column]}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A list that grows when somebody asks for more. */
function List<T>({ title, items, children }: { title: string; items: readonly T[]; children: (item: T) => ReactNode }) {
  const styles = useStyles2(getStyles)
  const [shown, setShown] = useState(shownAtOnce)
  if (items.length === 0) return null
  return (
    <section aria-label={title}>
      <h4 className={styles.heading}>{title}</h4>
      <ol className={styles.list}>
        {items.slice(0, shown).map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the items of a report never change their places.
          <li key={index} className={styles.item}>
            {children(item)}
          </li>
        ))}
      </ol>
      {items.length > shown && (
        <Button size="sm" variant="secondary" onClick={() => setShown(shown + shownAtOnce)}>
          Show more of {items.length}
        </Button>
      )}
    </section>
  )
}

const getStyles = (theme: GrafanaTheme2) => {
  const small = { fontSize: theme.typography.bodySmall.fontSize, color: theme.colors.text.secondary }
  return {
    sentence: css({ fontWeight: theme.typography.fontWeightMedium, margin: theme.spacing(1, 0) }),
    caveat: css({ ...small, margin: theme.spacing(0.5, 0), '& svg': { verticalAlign: '-2px', color: theme.colors.warning.text } }),
    good: css({ margin: theme.spacing(0.5, 0), '& svg': { verticalAlign: '-2px', color: theme.colors.success.text } }),
    tables: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: theme.spacing(2, 4), margin: theme.spacing(1, 0) }),
    table: css({
      '& caption': { captionSide: 'top', color: theme.colors.text.primary, fontWeight: theme.typography.fontWeightMedium, padding: 0 },
      '& th': { ...small, fontWeight: theme.typography.fontWeightRegular, textAlign: 'left', paddingRight: theme.spacing(3) },
      '& td': { paddingRight: theme.spacing(3), fontVariantNumeric: 'tabular-nums', overflowWrap: 'anywhere' },
    }),
    heading: css({
      fontSize: theme.typography.body.fontSize,
      fontWeight: theme.typography.fontWeightMedium,
      margin: theme.spacing(1.5, 0, 0.5),
    }),
    list: css({ listStyle: 'none', margin: 0, padding: 0 }),
    item: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0.25, 1),
      padding: theme.spacing(0.5, 0),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    }),
    time: css({ ...small, fontVariantNumeric: 'tabular-nums' }),
    subject: css({ overflowWrap: 'anywhere' }),
    reason: css(small),
  }
}
