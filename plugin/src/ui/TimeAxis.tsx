import { css } from '@emotion/css'
import { dateTimeFormat, dateTimeForTimeZone, type GrafanaTheme2, type TimeZone } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { toTicks } from './time-ticks.ts'

type Props = { from: number; to: number; timeZone: TimeZone; width: number }

/** Times beneath a drawing that spans the dashboard's range. */
export function TimeAxis(props: Props) {
  const styles = useStyles2(getStyles)
  const { timeZone, width } = props
  const { ticks, format } = placeTicks(props)
  return (
    <div className={styles.axis} style={{ width }} aria-hidden>
      {ticks.map(({ time, x }) => (
        <span key={time} className={styles.tick} style={{ left: x }}>
          {dateTimeFormat(time, { timeZone, format })}
        </span>
      ))}
    </div>
  )
}

/** Faint lines at the axis's times, behind the drawing; an item of its list that says nothing. */
export function TimeGrid(props: Props & { left: number }) {
  const styles = useStyles2(getStyles)
  return (
    <li aria-hidden className={styles.grid} style={{ left: props.left, width: props.width }}>
      {placeTicks(props).ticks.map(({ time, x }) => (
        <span key={time} className={styles.line} style={{ left: x }} />
      ))}
    </li>
  )
}

function placeTicks({ from, to, timeZone, width }: Props) {
  const offsetMs = dateTimeForTimeZone(timeZone, from).utcOffset() * 60_000
  const { times, format } = toTicks({ from, to, most: Math.max(2, Math.floor(width / 90)), offsetMs })
  return { format, ticks: times.map((time) => ({ time, x: ((time - from) / (to - from)) * width })) }
}

const getStyles = (theme: GrafanaTheme2) => ({
  axis: css({
    position: 'relative',
    height: 22,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  tick: css({
    position: 'absolute',
    top: 2,
    transform: 'translateX(-50%)',
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
  }),
  grid: css({ position: 'absolute', insetBlock: 0, pointerEvents: 'none' }),
  line: css({ position: 'absolute', insetBlock: 0, width: 1, background: theme.colors.border.weak }),
})
