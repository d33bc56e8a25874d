import { css, cx } from '@emotion/css'
import type { GrafanaTheme2, TimeZone } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { useCallback, useMemo, useState } from 'react'
import { Glyph } from '../../ui/Glyph.tsx'
import { type CardAnchor, HoverCard, toAnchor } from '../../ui/HoverCard.tsx'
import { TimeAxis, TimeGrid } from '../../ui/TimeAxis.tsx'
import { type Tone, toneColors } from '../../ui/tone.ts'
import { DeploymentCard } from './DeploymentCard.tsx'
import { type Bar, toLanes } from './lanes.ts'
import { statusLooks } from './looks.ts'
import type { DeploymentsOptions } from './options.ts'
import type { DeploymentRow } from './view-model.ts'

type Props = {
  rows: readonly DeploymentRow[]
  range: { from: number; to: number }
  now: number
  width: number
  timeZone: TimeZone
  options: DeploymentsOptions
  /** Takes all the height there is. */
  fill: boolean
  selectedId: string | undefined
  onSelect: (id: string) => void
}

const trackHeight = 28

/** Deployments along the dashboard's time, a lane for each service and environment. */
export function DeploymentTimeline({ rows, range, now, width, timeZone, options, fill, selectedId, onSelect }: Props) {
  const styles = useStyles2(getStyles)
  const [shown, setShown] = useState<{ row: DeploymentRow; anchor: CardAnchor }>()
  const hide = useCallback(() => setShown(undefined), [])
  const labelWidth = options.labelWidth > 0 ? options.labelWidth : Math.round(Math.min(220, Math.max(96, width * 0.2)))
  const laneWidth = Math.max(50, width - labelWidth - 16)
  const { from, to } = range
  const lanes = useMemo(() => toLanes(rows, { range: { from, to }, now, width: laneWidth }), [rows, from, to, now, laneWidth])
  return (
    <div className={cx(styles.timeline, fill ? styles.fill : styles.part)}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: closes the card that the pointer opened. */}
      <div className={styles.scroll} onMouseLeave={hide} onBlur={hide}>
        <ul className={styles.lanes} aria-label="Deployments over time">
          <TimeGrid from={from} to={to} timeZone={timeZone} width={laneWidth} left={labelWidth} />
          {lanes.map((lane) => (
            <li key={lane.key} className={styles.lane} style={{ gridTemplateColumns: `${labelWidth}px ${laneWidth}px` }}>
              <span className={styles.label} title={`${lane.service} ${lane.environment}`}>
                <span className={styles.service}>{lane.service}</span>
                <span className={styles.environment}>{lane.environment}</span>
              </span>
              <div className={styles.track} style={{ height: lane.tracks * trackHeight + 6 }}>
                {lane.bars.map((bar) => (
                  <BarMark
                    key={bar.row.id}
                    bar={bar}
                    showVersion={options.showVersions}
                    selected={bar.row.id === selectedId}
                    onSelect={() => onSelect(bar.row.id)}
                    onShow={(element) => setShown({ row: bar.row, anchor: toAnchor(element) })}
                  />
                ))}
              </div>
            </li>
          ))}
        </ul>
      </div>
      <div className={styles.axis} style={{ paddingLeft: labelWidth }}>
        <TimeAxis from={from} to={to} timeZone={timeZone} width={laneWidth} />
      </div>
      {shown && (
        <HoverCard anchor={shown.anchor}>
          <DeploymentCard row={shown.row} now={now} timeZone={timeZone} />
        </HoverCard>
      )}
    </div>
  )
}

type MarkProps = { bar: Bar; showVersion: boolean; selected: boolean; onSelect: () => void; onShow: (element: Element) => void }

function BarMark({ bar, showVersion, selected, onSelect, onShow }: MarkProps) {
  const styles = useStyles2(getStyles)
  const { row, x, width, track, label } = bar
  const look = statusLooks[row.status]
  const side = showVersion ? label.side : 'none'
  const labelWidth = side === 'left' || side === 'right' ? label.width : 0
  return (
    <button
      type="button"
      className={cx(styles.mark, side === 'left' && styles.leftward, selected && styles.selected)}
      style={{
        top: track * trackHeight + 3,
        height: trackHeight - 4,
        maxWidth: width + labelWidth,
        // The bar keeps its place whatever the length of its label.
        ...(side === 'left' ? { right: `calc(100% - ${x + width}px)` } : { left: x }),
      }}
      aria-expanded={selected}
      aria-label={`${row.service} ${row.version} to ${row.environment}, ${look.word}`}
      onClick={onSelect}
      onFocus={(event) => onShow(event.currentTarget)}
      onMouseEnter={(event) => onShow(event.currentTarget)}
    >
      <span
        className={cx(styles.bar, styles[look.tone], row.finishedAt === null && styles.running, bar.startsBefore && styles.cut)}
        style={{ width }}
      >
        <Glyph name={look.glyph} size={13} />
        {side === 'inside' && (
          <span className={styles.inside} style={{ maxWidth: label.width }}>
            {row.version}
          </span>
        )}
      </span>
      {labelWidth > 0 && <span className={styles.outside}>{row.version}</span>}
    </button>
  )
}

const getStyles = (theme: GrafanaTheme2) => {
  const clipped = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const
  const toned = (tone: Tone) => {
    const { text, soft, solid } = toneColors(theme, tone)
    return css({ color: text, background: soft, border: `1px solid ${solid}` })
  }
  return {
    timeline: css({ display: 'flex', flexDirection: 'column', minHeight: 0 }),
    fill: css({ flex: 1 }),
    part: css({ flex: '0 1 auto', maxHeight: '55%' }),
    scroll: css({ flex: '0 1 auto', minHeight: 0, paddingTop: theme.spacing(0.5), overflow: 'hidden auto' }),
    lanes: css({ position: 'relative', margin: 0, listStyle: 'none' }),
    lane: css({
      display: 'grid',
      contentVisibility: 'auto',
      containIntrinsicSize: `auto ${trackHeight + 6}px`,
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    }),
    label: css({
      display: 'flex',
      flexDirection: 'column',
      justifyContent: 'center',
      padding: theme.spacing(0, 1),
      minWidth: 0,
      lineHeight: 1.2,
    }),
    service: css(clipped),
    environment: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize, ...clipped }),
    track: css({ position: 'relative' }),
    axis: css({ flex: 'none' }),
    mark: css({
      position: 'absolute',
      display: 'flex',
      alignItems: 'center',
      gap: 4,
      padding: 0,
      border: 0,
      background: 'none',
      color: 'inherit',
      cursor: 'pointer',
      borderRadius: theme.shape.radius.default,
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
      '&:hover': { zIndex: 1 },
    }),
    leftward: css({ flexDirection: 'row-reverse' }),
    selected: css({ outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: 1 }),
    bar: css({
      flex: 'none',
      height: '100%',
      boxSizing: 'border-box',
      display: 'flex',
      alignItems: 'center',
      gap: 4,
      paddingInline: 4,
      borderRadius: theme.shape.radius.default,
    }),
    running: css({ borderRightStyle: 'dashed' }),
    cut: css({ borderLeftStyle: 'dotted' }),
    inside: css({ ...clipped, color: theme.colors.text.primary, fontSize: theme.typography.bodySmall.fontSize }),
    outside: css({ ...clipped, minWidth: 0, fontSize: theme.typography.bodySmall.fontSize }),
    good: toned('good'),
    warning: toned('warning'),
    bad: toned('bad'),
    info: toned('info'),
    quiet: toned('quiet'),
  }
}
