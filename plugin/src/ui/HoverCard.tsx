import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Portal, useStyles2, VizTooltipContainer } from '@grafana/ui'
import type { ReactNode } from 'react'

/** Where a card belongs: at the lower edge of what it explains. */
export type CardAnchor = { x: number; y: number }

export function toAnchor(element: Element): CardAnchor {
  const { left, width, bottom } = element.getBoundingClientRect()
  return { x: left + Math.min(width / 2, 160), y: bottom }
}

/** A tooltip shared by many marks: one card, wherever the pointer or the focus is. */
export function HoverCard({ anchor, children }: { anchor: CardAnchor; children: ReactNode }) {
  const styles = useStyles2(getStyles)
  return (
    <Portal>
      <VizTooltipContainer position={anchor} offset={{ x: 0, y: 6 }} className={styles.card}>
        <div role="tooltip">{children}</div>
      </VizTooltipContainer>
    </Portal>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({ padding: theme.spacing(1), maxWidth: 380, fontSize: theme.typography.bodySmall.fontSize }),
})
