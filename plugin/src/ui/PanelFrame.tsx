import { css } from '@emotion/css'
import type { GrafanaTheme2, PanelData } from '@grafana/data'
import { LoadingPlaceholder, useStyles2 } from '@grafana/ui'
import type { ReactNode } from 'react'
import { Glyph } from './Glyph.tsx'
import { PanelMessage } from './PanelMessage.tsx'
import { toPanelState, toWarnings } from './panel-state.ts'

type Props = { data: PanelData; hasRows: boolean; width: number; height: number; children: ReactNode }

/** The room a panel draws in: waiting, failed, or its content with a note when an update failed. */
export function PanelFrame({ data, hasRows, width, height, children }: Props) {
  const styles = useStyles2(getStyles)
  const state = toPanelState(data, hasRows)
  const notices = state.kind === 'ready' ? toWarnings(data) : []
  return (
    <div className={styles.frame} style={{ width, height }}>
      {state.kind === 'loading' && (
        <div className={styles.center}>
          <LoadingPlaceholder text="Loading…" />
        </div>
      )}
      {state.kind === 'failed' && (
        <PanelMessage title="The query failed" glyph="alert" role="alert">
          {state.message}
        </PanelMessage>
      )}
      {state.kind === 'ready' && state.error !== undefined && (
        <div className={styles.note} role="alert">
          <Glyph name="alert" /> The last update failed; what you see may be old. {state.error}
        </div>
      )}
      {notices.map((text) => (
        <div key={text} className={styles.note} role="status">
          <Glyph name="alert" /> {text}
        </div>
      ))}
      {state.kind === 'ready' && children}
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ display: 'flex', flexDirection: 'column', position: 'relative', overflow: 'hidden', minHeight: 0 }),
  center: css({ height: '100%', display: 'flex', alignItems: 'center', justifyContent: 'center' }),
  note: css({
    flex: 'none',
    padding: theme.spacing(0.5, 1),
    color: theme.colors.warning.text,
    background: theme.colors.warning.transparent,
    fontSize: theme.typography.bodySmall.fontSize,
    '& svg': { verticalAlign: 'text-bottom' },
  }),
})
