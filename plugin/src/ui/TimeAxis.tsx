import { css } from '@emotion/css'
import { dateTimeFormat, dateTimeForTimeZone, type GrafanaTheme2, type TimeZone } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { toTicks } from './time-ticks.ts'

type Props = { from: number; to: number; timeZone: TimeZone; width: number }

/** Times beneath a drawing that spans the dashboard's range. */
export function TimeAxis({ from, to, timeZone, width }: Props) {
  const styles = useStyles2(getStyles)
  const { times, format } = toTicks({
    from,
    to,
    most: Math.max(2, Math.floor(width / 90)),
    offsetMs: dateTimeForTimeZone(timeZone, from).utcOffset() * 60_000,
  })
  return (
    <div className={styles.axis} aria-hidden>
      {times.map((time) => (
        <span key={time} className={styles.tick} style={{ left: `${((time - from) / (to - from)) * 100}%` }}>
          {dateTimeFormat(time, { timeZone, format })}
        </span>
      ))}
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  axis: css({
    position: 'relative',
    height: 22,
    overflow: 'hidden',
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
})
