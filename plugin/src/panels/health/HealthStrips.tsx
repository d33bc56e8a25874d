import { css, cx } from '@emotion/css'
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { useCallback, useState } from 'react'
import { toDurationText } from '../../format/durations.ts'
import { Facts } from '../../ui/Facts.tsx'
import { type CardAnchor, HoverCard, toAnchor } from '../../ui/HoverCard.tsx'
import { StateTag } from '../../ui/StateTag.tsx'
import { TimeAxis } from '../../ui/TimeAxis.tsx'
import { type Tone, toneColors } from '../../ui/tone.ts'
import { useRowWindow } from '../../ui/use-row-window.ts'
import type { Segment, Strip } from './history.ts'
import type { HealthOptions } from './options.ts'
import { stateLooks, statesByRank } from './states.ts'

type Range = { from: number; to: number }
type Props = { strips: readonly Strip[]; options: HealthOptions; range: Range; timeZone: TimeZone; width: number }
type Shown = { strip: Strip; segment: Segment | undefined; anchor: CardAnchor }

/** Each component's states along the dashboard's time, and the share of it that it was up. */
export function HealthStrips({ strips, options, range, timeZone, width }: Props) {
  const styles = useStyles2(getStyles)
  const { rowHeight } = options
  const { window, scrollRef, onScroll } = useRowWindow({ count: strips.length, rowHeight })
  const [shown, setShown] = useState<Shown>()
  const hide = useCallback(() => setShown(undefined), [])
  const labelWidth = options.labelWidth > 0 ? options.labelWidth : Math.round(Math.min(260, Math.max(100, width * 0.26)))
  const several = new Set(strips.map((strip) => strip.environment)).size > 1
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: closes the card that the pointer opened. */}
      <div ref={scrollRef} className={styles.scroll} onScroll={onScroll} onMouseLeave={hide}>
        <ul className={styles.list} aria-label="States of components over time">
          <li aria-hidden style={{ height: window.above }} />
          {strips.slice(window.start, window.end).map((strip) => (
            <li
              key={`${strip.component} ${strip.environment}`}
              className={styles.row}
              style={{ height: rowHeight, gridTemplateColumns: `${labelWidth}px 1fr 72px` }}
            >
              <span className={styles.label} title={`${strip.component} ${strip.environment}`}>
                {strip.component} {several && <span className={styles.environment}>{strip.environment}</span>}
              </span>
              <button
                type="button"
                className={styles.track}
                aria-label={toSentence(strip)}
                onFocus={(event) => setShown({ strip, segment: undefined, anchor: toAnchor(event.currentTarget) })}
                onBlur={hide}
              >
                {strip.segments.map((segment) => (
                  <Bar
                    key={segment.from}
                    segment={segment}
                    range={range}
                    onShow={(element) => setShown({ strip, segment, anchor: toAnchor(element) })}
                  />
                ))}
              </button>
              <span className={styles.share}>{strip.upShare === null ? '–' : toPercentText(strip.upShare)}</span>
            </li>
          ))}
          <li aria-hidden style={{ height: window.below }} />
        </ul>
      </div>
      <div style={{ paddingLeft: labelWidth, paddingRight: 72, flex: 'none' }}>
        <TimeAxis from={range.from} to={range.to} timeZone={timeZone} width={Math.max(0, width - labelWidth - 72)} />
      </div>
      {shown && (
        <HoverCard anchor={shown.anchor}>
          <StripCard {...shown} timeZone={timeZone} />
        </HoverCard>
      )}
    </>
  )
}

function Bar({ segment, range, onShow }: { segment: Segment; range: Range; onShow: (element: Element) => void }) {
  const styles = useStyles2(getStyles)
  const { tone, word } = stateLooks[segment.state]
  const span = range.to - range.from
  const left = ((segment.from - range.from) / span) * 100
  const share = ((segment.to - segment.from) / span) * 100
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the strip itself is focusable and says the same.
    <span
      className={cx(styles.bar, styles[tone])}
      style={{ left: `${left}%`, width: `${share}%` }}
      data-word={share > 8 && segment.state !== 'up' ? word : ''}
      onMouseEnter={(event) => onShow(event.currentTarget)}
    />
  )
}

function StripCard({ strip, segment, timeZone }: Omit<Shown, 'anchor'> & { timeZone: TimeZone }) {
  const look = segment && stateLooks[segment.state]
  const totals = statesByRank.flatMap((state) => {
    const ms = strip.msInState[state]
    return ms ? [[`${stateLooks[state].word} for`, toDurationText(ms)] as const] : []
  })
  return (
    <Facts
      facts={[
        ['Component', strip.component],
        ['Environment', strip.environment],
        ['State', look && <StateTag key="state" tone={look.tone} glyph={look.glyph} word={look.word} />],
        ['From', segment && dateTimeFormat(segment.from, { timeZone })],
        ['To', segment && `${dateTimeFormat(segment.to, { timeZone })} (${toDurationText(segment.to - segment.from)})`],
        ...totals,
      ]}
    />
  )
}

/** Never 100 % when it was down for a moment. */
export function toPercentText(share: number): string {
  const percent = share * 100
  if (percent >= 100) return '100 %'
  return percent > 99.99 ? '> 99.99 %' : `${percent.toFixed(percent > 99 ? 2 : 1)} %`
}

function toSentence(strip: Strip): string {
  const totals = statesByRank.flatMap((state) =>
    strip.msInState[state] ? [`${stateLooks[state].word} for ${toDurationText(strip.msInState[state])}`] : [],
  )
  return `${strip.component} ${strip.environment}: ${totals.join(', ') || 'not watched'}`
}

const getStyles = (theme: GrafanaTheme2) => {
  const toned = (tone: Tone) =>
    css({ background: toneColors(theme, tone).solid, color: theme.colors.getContrastText(toneColors(theme, tone).solid) })
  return {
    scroll: css({ flex: '0 1 auto', minHeight: 0, overflow: 'auto' }),
    list: css({ margin: 0, listStyle: 'none' }),
    row: css({ display: 'grid', alignItems: 'center' }),
    label: css({ padding: theme.spacing(0, 1), overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
    environment: css({ color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
    track: css({
      position: 'relative',
      width: '100%',
      padding: 0,
      border: 0,
      height: '70%',
      borderRadius: theme.shape.radius.default,
      overflow: 'hidden',
      background: theme.colors.background.secondary,
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
    }),
    bar: css({
      position: 'absolute',
      insetBlock: 0,
      minWidth: 2,
      paddingInline: 4,
      overflow: 'hidden',
      fontSize: theme.typography.bodySmall.fontSize,
      alignContent: 'center',
      whiteSpace: 'nowrap',
      // Drawn, not written: the strip's own name says it with its duration.
      '&::after': { content: 'attr(data-word)' },
    }),
    share: css({ padding: theme.spacing(0, 1), textAlign: 'right', fontVariantNumeric: 'tabular-nums' }),
    good: toned('good'),
    warning: toned('warning'),
    bad: toned('bad'),
    info: toned('info'),
    quiet: toned('quiet'),
  }
}
