import { css, cx } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { Glyph, type GlyphName } from './Glyph.tsx'
import { type FineTone, toneColors } from './tone.ts'

type Props = {
  tone: FineTone
  glyph: GlyphName
  word: string
  /** Larger; what is bad fills its tag. */
  strong?: boolean
  /** Fills its tag in the usual size. */
  solid?: boolean
}

/** A state as shape, word and colour. */
export function StateTag({ tone, glyph, word, strong = false, solid = strong && tone === 'bad' }: Props) {
  const styles = useStyles2(getStyles)
  return (
    <span className={cx(styles.tag, styles[tone], strong && styles.strong, solid && styles.solid)}>
      <Glyph name={glyph} size={strong ? 16 : 13} />
      {word}
    </span>
  )
}

const getStyles = (theme: GrafanaTheme2) => {
  const toned = (tone: FineTone) => {
    const { text, soft, border } = toneColors(theme, tone)
    // The word keeps the colour of text, readable on any row; shape and frame carry the tone.
    return css({ background: soft, border: `1px solid ${border}`, '& > svg': { color: text } })
  }
  return {
    tag: css({
      color: theme.colors.text.primary,
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      padding: theme.spacing(0, 0.75),
      borderRadius: theme.shape.radius.default,
      fontSize: theme.typography.bodySmall.fontSize,
      fontWeight: theme.typography.fontWeightMedium,
      lineHeight: '20px',
      whiteSpace: 'nowrap',
    }),
    strong: css({ fontSize: theme.typography.body.fontSize, lineHeight: '26px', padding: theme.spacing(0, 1) }),
    // What nobody may overlook fills its whole tag.
    solid: css({
      color: theme.colors.error.contrastText,
      background: theme.colors.error.main,
      borderColor: theme.colors.error.main,
      '& > svg': { color: 'inherit' },
    }),
    good: toned('good'),
    warning: toned('warning'),
    serious: toned('serious'),
    bad: toned('bad'),
    info: toned('info'),
    quiet: toned('quiet'),
  }
}
