import { css } from '@emotion/css'
import { colorManipulator, type DataFrame, dateTimeFormat, type GrafanaTheme2, textUtil } from '@grafana/data'
import { EventsCanvas, TagList, Toggletip, type UPlotConfigBuilder, useStyles2, useTheme2 } from '@grafana/ui'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { type AnnotationMark, readAnnotations } from './annotation-events.ts'

type AnnotationMarksProps = { config: UPlotConfigBuilder; frames: DataFrame[]; timeZone: string }
type Plot = {
  ctx: CanvasRenderingContext2D
  bbox: { left: number; top: number; width: number; height: number }
  valToPos: (value: number, scale: string, canvas?: boolean) => number
  redraw: () => void
}

/** Deployments, alerts and other events over a graph: a line or a band each, and a mark below that opens their text. */
export function AnnotationMarks({ config, frames, timeZone }: AnnotationMarksProps) {
  const theme = useTheme2()
  const plotRef = useRef<Plot | undefined>(undefined)
  const marks = useMemo(() => readAnnotations(frames), [frames])
  const latest = useRef({ marks, theme })
  latest.current = { marks, theme }

  useLayoutEffect(() => {
    config.addHook('init', (plot) => {
      plotRef.current = plot as unknown as Plot
    })
    config.addHook('draw', (plot) => drawMarks(plot as unknown as Plot, latest.current.marks, latest.current.theme))
  }, [config])
  // A plain effect, since the marks' own canvas hears of no drawing before its effects ran.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawing reads these through the ref.
  useEffect(() => plotRef.current?.redraw(), [config, marks, theme])

  const place = useCallback((_frame: DataFrame, row: number) => toPosition(plotRef.current, marks[row]), [marks])
  const render = useCallback(
    (_frame: DataFrame, row: number) => {
      const mark = marks[row]
      return mark ? <Mark mark={mark} width={toWidth(plotRef.current, mark)} timeZone={timeZone} /> : null
    },
    [marks, timeZone],
  )
  const events = useMemo(() => [{ fields: [], length: marks.length }], [marks])
  return <EventsCanvas id="annotations" config={config} events={events} renderEventMarker={render} mapEventToXYCoords={place} />
}

function drawMarks({ ctx, bbox, valToPos }: Plot, marks: readonly AnnotationMark[], theme: GrafanaTheme2) {
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.lineWidth = 2
  for (const mark of marks) {
    const color = toColor(mark, theme)
    ctx.strokeStyle = color
    ctx.setLineDash([4, 4])
    for (const time of mark.timeEnd === undefined ? [mark.time] : [mark.time, mark.timeEnd]) {
      const x = valToPos(time, 'x', true)
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
    }
    if (mark.timeEnd === undefined) continue
    const from = valToPos(mark.time, 'x', true)
    ctx.fillStyle = colorManipulator.alpha(color, 0.1)
    ctx.fillRect(from, bbox.top, valToPos(mark.timeEnd, 'x', true) - from, bbox.height)
  }
  ctx.restore()
}

/** Pixels from the plot's corner; nothing for marks outside the range, or before the first drawing. */
function toPosition(plot: Plot | undefined, mark: AnnotationMark | undefined) {
  if (!plot || !mark) return undefined
  const ratio = devicePixelRatio
  const right = plot.bbox.width / ratio
  const x = plot.valToPos(mark.time, 'x')
  const end = mark.timeEnd === undefined ? x : plot.valToPos(mark.timeEnd, 'x')
  if (!Number.isFinite(x) || end < 0 || x > right) return undefined
  return { x: Math.max(0, x), y: plot.bbox.height / ratio + 4 }
}

function toWidth(plot: Plot | undefined, { time, timeEnd }: AnnotationMark): number {
  if (!plot || timeEnd === undefined) return 0
  const right = plot.bbox.width / devicePixelRatio
  return Math.min(right, plot.valToPos(timeEnd, 'x')) - Math.max(0, plot.valToPos(time, 'x'))
}

function toColor({ color }: AnnotationMark, theme: GrafanaTheme2): string {
  return theme.visualization.getColorByName(color ?? 'blue')
}

function Mark({ mark, width, timeZone }: { mark: AnnotationMark; width: number; timeZone: string }) {
  const styles = useStyles2(getStyles)
  const color = toColor(mark, useTheme2())
  const shape = width > 0 ? { backgroundColor: color, width: Math.max(8, width) } : { borderBottomColor: color }
  const label = [mark.title || mark.text, dateTimeFormat(mark.time, { timeZone })].filter(Boolean).join(', ')
  return (
    <Toggletip content={<MarkText mark={mark} timeZone={timeZone} />} placement="top">
      <button
        type="button"
        aria-label={`Annotation: ${stripMarkup(label)}`}
        className={width > 0 ? styles.band : styles.triangle}
        style={shape}
      />
    </Toggletip>
  )
}

function MarkText({ mark, timeZone }: { mark: AnnotationMark; timeZone: string }) {
  const styles = useStyles2(getStyles)
  const times = [mark.time, mark.timeEnd].filter((time) => time !== undefined).map((time) => dateTimeFormat(time, { timeZone }))
  return (
    <div className={styles.card}>
      <div className={styles.times}>{times.join(' – ')}</div>
      {mark.title && <strong>{mark.title}</strong>}
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: annotations may hold markup, and it is sanitized. */}
      {mark.text && <div dangerouslySetInnerHTML={{ __html: textUtil.sanitize(mark.text) }} />}
      {mark.tags.length > 0 && <TagList tags={mark.tags} className={styles.tags} />}
    </div>
  )
}

function stripMarkup(text: string): string {
  return text.replace(/<[^>]*>/g, ' ')
}

const getStyles = (theme: GrafanaTheme2) => {
  const reset = {
    border: 'none',
    cursor: 'pointer',
    display: 'block',
    padding: 0,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}` },
  }
  return {
    triangle: css({
      ...reset,
      background: 'none',
      borderBottom: '8px solid transparent',
      borderLeft: '6px solid transparent',
      borderRight: '6px solid transparent',
      height: 0,
      transform: 'translateX(-50%)',
      width: 0,
    }),
    band: css({ ...reset, height: 6 }),
    card: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5), maxWidth: 360, overflowWrap: 'anywhere' }),
    times: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
    tags: css({ justifyContent: 'flex-start' }),
  }
}
