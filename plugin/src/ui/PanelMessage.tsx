import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import type { ReactNode } from 'react'
import { Glyph, type GlyphName } from './Glyph.tsx'

type Props = {
  title: string
  glyph: GlyphName
  /** `alert` is read out at once. */
  role?: 'alert' | 'status'
  children?: ReactNode
}

/** What a panel says when it has nothing to draw: why, and what to do. */
export function PanelMessage({ title, glyph, role = 'status', children }: Props) {
  const styles = useStyles2(getStyles)
  return (
    <div className={styles.box} role={role}>
      <span className={styles.glyph}>
        <Glyph name={glyph} size={24} />
      </span>
      <div className={styles.title}>{title}</div>
      {children !== undefined && <div className={styles.text}>{children}</div>}
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    height: '100%',
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'center',
    gap: theme.spacing(0.5),
    padding: theme.spacing(2),
    textAlign: 'center',
    overflow: 'auto',
  }),
  glyph: css({ color: theme.colors.text.secondary }),
  title: css({ fontWeight: theme.typography.fontWeightMedium }),
  text: css({ color: theme.colors.text.secondary, maxWidth: '60ch', overflowWrap: 'anywhere' }),
})
