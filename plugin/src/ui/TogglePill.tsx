import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { Glyph, type GlyphName } from './Glyph.tsx'

type Props = { glyph: GlyphName; word: string; count: number; pressed: boolean; onToggle: () => void }

/** A filter that is on or off, with how many it lets through. */
export function TogglePill({ glyph, word, count, pressed, onToggle }: Props) {
  const styles = useStyles2(getStyles)
  return (
    <button type="button" className={styles.pill} aria-pressed={pressed} onClick={onToggle}>
      <Glyph name={glyph} size={12} />
      {word} <span className={styles.count}>{count}</span>
    </button>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  pill: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    height: 24,
    padding: theme.spacing(0, 1),
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.pill,
    background: 'transparent',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
    cursor: 'pointer',
    '&:hover': { background: theme.colors.action.hover, color: theme.colors.text.primary },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
    '&[aria-pressed="true"]': {
      borderColor: theme.colors.primary.border,
      background: theme.colors.primary.transparent,
      color: theme.colors.text.primary,
    },
    // Where people choose the colours, only these words of theirs say that it is pressed.
    '@media (forced-colors: active)': {
      '&[aria-pressed="true"]': { forcedColorAdjust: 'none', background: 'Highlight', color: 'HighlightText', borderColor: 'Highlight' },
      '&[aria-pressed="true"] span': { color: 'HighlightText' },
    },
  }),
  count: css({ fontVariantNumeric: 'tabular-nums', color: theme.colors.text.primary }),
})
