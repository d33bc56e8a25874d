import { css, cx } from '@emotion/css'
import { type GrafanaTheme2, textUtil } from '@grafana/data'
import { DataLinksContextMenu, useStyles2 } from '@grafana/ui'
import { memo, type SyntheticEvent } from 'react'
import { toLatencyText, toShortDurationText } from '../../format/durations.ts'
import { Glyph } from '../../ui/Glyph.tsx'
import { type Tone, toneColors } from '../../ui/tone.ts'
import { stateLooks } from './states.ts'
import type { Cell } from './view-model.ts'

type Props = {
  cell: Cell | undefined
  now: number
  showLatency: boolean
  showSince: boolean
  /** Narrow cells write smaller, so that the longest word fits. */
  small: boolean
  row: number
  column: number
  tabStop: boolean
  onFocus: (row: number, column: number) => void
  onShow: (cell: Cell, element: Element) => void
}

/** One state: shape, word and colour, how long already and how fast. Leads where its links or its address do. */
export const MatrixCell = memo(function MatrixCell({
  cell,
  now,
  showLatency,
  showSince,
  small,
  row,
  column,
  tabStop,
  onFocus,
  onShow,
}: Props) {
  const styles = useStyles2(getStyles)
  const target = {
    'data-place': `${row}:${column}`,
    tabIndex: tabStop ? 0 : -1,
    onFocus: (event: SyntheticEvent) => {
      onFocus(row, column)
      if (cell) onShow(cell, event.currentTarget)
    },
    onMouseEnter: (event: SyntheticEvent) => cell && onShow(cell, event.currentTarget),
  }
  if (!cell) {
    return (
      <td className={styles.cell}>
        <span {...target} className={cx(styles.mark, styles.absent)}>
          <span className={styles.visuallyHidden}>not there</span>
          <span aria-hidden>–</span>
        </span>
      </td>
    )
  }
  const look = stateLooks[cell.state]
  return (
    <td className={styles.cell}>
      <Target cell={cell} className={cx(styles.mark, small && styles.small, styles[look.tone])} props={target}>
        <Glyph name={look.glyph} />
        <span className={styles.word}>{look.word}</span>
        {showLatency && cell.latencyMs !== null && <span className={styles.fact}>{toLatencyText(cell.latencyMs)}</span>}
        {showSince && cell.since !== null && <span className={styles.fact}>{toShortDurationText(Math.max(0, now - cell.since))}</span>}
      </Target>
    </td>
  )
})

type TargetProps = { cell: Cell; className: string; props: Record<string, unknown>; children: React.ReactNode }

function Target({ cell, className, props, children }: TargetProps) {
  const links = cell.links()
  if (links.length > 1) {
    return (
      <DataLinksContextMenu links={() => links}>
        {({ triggerProps }) => (
          <span {...triggerProps} {...props} className={className}>
            {children}
          </span>
        )}
      </DataLinksContextMenu>
    )
  }
  const [link] = links
  const href = link?.href ?? (cell.url === '' ? undefined : textUtil.sanitizeUrl(cell.url))
  if (href === undefined) {
    return (
      <span {...props} className={className}>
        {children}
      </span>
    )
  }
  return (
    <a {...props} className={className} href={href} target={link ? link.target : '_blank'} rel="noreferrer" onClick={link?.onClick}>
      {children}
    </a>
  )
}

const getStyles = (theme: GrafanaTheme2) => {
  const tonedStyle = (tone: Tone) => {
    const { text, soft, border } = toneColors(theme, tone)
    return { color: text, background: soft, borderColor: border }
  }
  const toned = (tone: Tone) => css(tonedStyle(tone))
  return {
    cell: css({ padding: 2, height: 'inherit' }),
    mark: css({
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(0.75),
      width: '100%',
      height: '100%',
      padding: theme.spacing(0, 1),
      border: '1px solid transparent',
      borderRadius: theme.shape.radius.default,
      overflow: 'hidden',
      whiteSpace: 'nowrap',
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
      'a&:hover': { filter: 'brightness(1.15)' },
    }),
    small: css({ fontSize: theme.typography.bodySmall.fontSize, paddingInline: theme.spacing(0.75), gap: theme.spacing(0.5) }),
    word: css({ flex: 1, fontWeight: theme.typography.fontWeightMedium, overflow: 'hidden', textOverflow: 'ellipsis' }),
    fact: css({ fontSize: theme.typography.bodySmall.fontSize, fontVariantNumeric: 'tabular-nums' }),
    absent: css({ color: theme.colors.text.disabled, justifyContent: 'center' }),
    visuallyHidden: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
    good: toned('good'),
    warning: toned('warning'),
    // The one state nobody may overlook fills its cell.
    bad: css({ color: theme.colors.error.contrastText, background: theme.colors.error.main, borderColor: theme.colors.error.main }),
    // Blue on pale blue is a hair too faint to read; here only the shape is blue.
    info: css({ ...tonedStyle('info'), color: theme.colors.text.primary, '& > svg': { color: toneColors(theme, 'info').text } }),
    quiet: toned('quiet'),
  }
}
