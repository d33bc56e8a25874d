import { css, cx } from '@emotion/css'
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { toDurationText } from '../../format/durations.ts'
import { StateTag } from '../../ui/StateTag.tsx'
import { useRowWindow } from '../../ui/use-row-window.ts'
import { statusLooks } from './looks.ts'
import { type DeploymentRow, toDurationMs } from './view-model.ts'

type Props = {
  rows: readonly DeploymentRow[]
  now: number
  width: number
  timeZone: TimeZone
  selectedId: string | undefined
  onSelect: (id: string) => void
}

/** The same deployments as a list, youngest first; only those in view are drawn. */
export function DeploymentList({ rows, now, width, timeZone, selectedId, onSelect }: Props) {
  const styles = useStyles2(getStyles)
  const narrow = width < 560
  const rowHeight = narrow ? 52 : 34
  const { window, scrollRef, onScroll } = useRowWindow({ count: rows.length, rowHeight })
  return (
    <div ref={scrollRef} className={styles.scroll} onScroll={onScroll}>
      <ul className={styles.list} aria-label="List of deployments">
        <li aria-hidden style={{ height: window.above }} />
        {rows.slice(window.start, window.end).map((row) => (
          <li key={row.id} className={cx(styles.item, row.id === selectedId && styles.selected)} style={{ height: rowHeight }}>
            <button
              type="button"
              className={cx(styles.open, narrow && styles.openNarrow)}
              aria-expanded={row.id === selectedId}
              onClick={() => onSelect(row.id)}
            >
              <Line row={row} now={now} timeZone={timeZone} />
            </button>
          </li>
        ))}
        <li aria-hidden style={{ height: window.below }} />
      </ul>
    </div>
  )
}

function Line({ row, now, timeZone }: { row: DeploymentRow; now: number; timeZone: TimeZone }) {
  const styles = useStyles2(getStyles)
  const look = statusLooks[row.status]
  const duration = toDurationText(toDurationMs(row, now))
  return (
    <>
      <span className={styles.status}>
        <StateTag tone={look.tone} glyph={look.glyph} word={look.word} />
      </span>
      <span className={styles.what}>
        <strong>{row.service}</strong> {row.version}
        {row.previousVersion !== '' && <span className={styles.quiet}> was {row.previousVersion}</span>}
      </span>
      <span className={styles.facts}>
        {row.environment} · {dateTimeFormat(row.startedAt, { timeZone, format: 'MM-DD HH:mm:ss' })} ·{' '}
        {row.finishedAt === null ? `running for ${duration}` : duration}
        {row.actor !== '' && ` · ${row.actor}`}
      </span>
    </>
  )
}

const getStyles = (theme: GrafanaTheme2) => {
  const clipped = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const
  const small = { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }
  return {
    scroll: css({ flex: 1, minHeight: 0, overflow: 'auto' }),
    list: css({ margin: 0, listStyle: 'none' }),
    item: css({ borderBottom: `1px solid ${theme.colors.border.weak}`, '&:hover': { background: theme.colors.background.secondary } }),
    selected: css({ boxShadow: `inset 0 0 0 2px ${theme.colors.primary.border}` }),
    open: css({
      display: 'grid',
      gridTemplateColumns: '118px minmax(0, 1fr) minmax(0, 1.2fr)',
      alignItems: 'center',
      gap: theme.spacing(0, 1),
      width: '100%',
      height: '100%',
      padding: theme.spacing(0, 1),
      border: 0,
      background: 'none',
      color: 'inherit',
      textAlign: 'left',
      cursor: 'pointer',
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
    }),
    openNarrow: css({ gridTemplateColumns: 'auto minmax(0, 1fr)', '& > :last-child': { gridColumn: '1 / -1' } }),
    status: css({ minWidth: 0 }),
    what: css(clipped),
    facts: css({ ...small, ...clipped }),
    quiet: css(small),
  }
}
