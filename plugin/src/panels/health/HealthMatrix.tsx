import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { useCallback, useMemo, useState } from 'react'
import { type CardAnchor, HoverCard, toAnchor } from '../../ui/HoverCard.tsx'
import { useRowWindow } from '../../ui/use-row-window.ts'
import { CellCard } from './CellCard.tsx'
import { HealthSummary } from './HealthSummary.tsx'
import { MatrixTable } from './MatrixTable.tsx'
import { toLines, toMatrixWidths } from './matrix-widths.ts'
import type { HealthOptions } from './options.ts'
import type { Cell, Matrix } from './view-model.ts'

type Props = { matrix: Matrix; options: HealthOptions; width: number; now: number }

/** The overall status above the matrix, and a card for the cell under the pointer or the focus. */
export function HealthMatrix({ matrix, options, width, now }: Props) {
  const styles = useStyles2(getStyles)
  const { rows, environments, hidden } = matrix
  const widths = toMatrixWidths({ width, columns: environments.length, rows: rows.length, labelWidth: options.labelWidth })
  const lines = useMemo(() => toLines(rows, widths.perLine), [rows, widths.perLine])
  const scrolling = useRowWindow({ count: lines.length, rowHeight: options.rowHeight, headerHeight: 28 })
  const [shown, setShown] = useState<{ cell: Cell; anchor: CardAnchor }>()
  const hide = useCallback(() => setShown(undefined), [])
  const show = useCallback((cell: Cell, element: Element) => setShown({ cell, anchor: toAnchor(element) }), [])
  const { scrollRef, onScroll } = scrolling
  const scrolled = useCallback<typeof onScroll>(
    (event) => {
      onScroll(event)
      hide()
    },
    [onScroll, hide],
  )

  return (
    <>
      {options.showSummary && <HealthSummary matrix={matrix} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: closes the card that the pointer opened. */}
      <div ref={scrollRef} className={styles.scroll} onScroll={scrolled} onMouseLeave={hide} onBlur={hide}>
        <MatrixTable
          environments={environments}
          lines={lines}
          options={options}
          now={now}
          widths={widths}
          window={scrolling.window}
          reveal={scrolling.reveal}
          onShow={show}
        />
        {rows.length === 0 && (
          <p className={styles.none}>
            Nothing is wrong: {hidden} {hidden === 1 ? 'component is' : 'components are'} fine.
          </p>
        )}
      </div>
      {shown && (
        <HoverCard anchor={shown.anchor}>
          <CellCard cell={shown.cell} now={now} />
        </HoverCard>
      )}
    </>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ flex: 1, minHeight: 0, overflow: 'auto' }),
  none: css({ padding: theme.spacing(2), textAlign: 'center', color: theme.colors.text.secondary }),
})
