import { css, cx } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react'
import { type CardAnchor, HoverCard, toAnchor } from '../../ui/HoverCard.tsx'
import { useRowWindow } from '../../ui/use-row-window.ts'
import { CellCard } from './CellCard.tsx'
import { HealthSummary } from './HealthSummary.tsx'
import { MatrixCell } from './MatrixCell.tsx'
import { moveFocus, type Place } from './move-focus.ts'
import type { HealthOptions } from './options.ts'
import type { Cell, Matrix } from './view-model.ts'

type Props = { matrix: Matrix; options: HealthOptions; width: number; now: number }

const headerHeight = 28
const cellWidthMin = 104

/** Components down the side, environments across the top; one cell takes the tab stop, arrows move it. */
export function HealthMatrix({ matrix, options, width, now }: Props) {
  const styles = useStyles2(getStyles)
  const { environments, rows } = matrix
  const { rowHeight } = options
  const scrolling = useRowWindow({ count: rows.length, rowHeight, headerHeight })
  const { place, gridRef, onKeyDown, onFocus } = useGridFocus({ rows: rows.length, columns: environments.length, reveal: scrolling.reveal })
  const [shown, setShown] = useState<{ cell: Cell; anchor: CardAnchor }>()
  const hide = useCallback(() => setShown(undefined), [])
  const show = useCallback((cell: Cell, element: Element) => setShown({ cell, anchor: toAnchor(element) }), [])

  const labelWidth = options.labelWidth > 0 ? options.labelWidth : Math.round(Math.min(280, Math.max(110, width * 0.28)))
  const cellWidth = Math.max(cellWidthMin, (width - labelWidth) / Math.max(1, environments.length))
  const template = { gridTemplateColumns: `${labelWidth}px repeat(${environments.length}, minmax(${cellWidthMin}px, 1fr))` }
  const { start, end, above, below } = scrolling.window

  return (
    <>
      {options.showSummary && <HealthSummary matrix={matrix} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: closes the card that the pointer opened. */}
      <div ref={scrolling.scrollRef} className={styles.scroll} onScroll={scrolling.onScroll} onMouseLeave={hide} tabIndex={-1}>
        {/* biome-ignore lint/a11y/useSemanticElements: a table cannot leave out the rows out of sight. */}
        <div
          ref={gridRef}
          role="grid"
          aria-label="Health of components by environment"
          aria-rowcount={rows.length + 1}
          aria-colcount={environments.length + 1}
          onKeyDown={onKeyDown}
          onBlur={hide}
          style={{ minWidth: labelWidth + environments.length * cellWidthMin }}
        >
          <div role="row" aria-rowindex={1} className={cx(styles.row, styles.header)} style={template}>
            <span role="columnheader" className={cx(styles.label, styles.corner)}>
              Component
            </span>
            {environments.map((name) => (
              <span role="columnheader" key={name} className={styles.column}>
                {name || 'any environment'}
              </span>
            ))}
          </div>
          <div style={{ height: above }} />
          {rows.slice(start, end).map((row, offset) => (
            <div
              role="row"
              aria-rowindex={start + offset + 2}
              key={row.component}
              className={styles.row}
              style={{ ...template, height: rowHeight }}
            >
              <span role="rowheader" className={styles.label} title={row.component}>
                {row.component}
              </span>
              {row.cells.map((cell, column) => {
                const here: Place = { row: start + offset, column }
                return (
                  <MatrixCell
                    key={environments[column]}
                    cell={cell}
                    now={now}
                    showLatency={options.showLatency && cellWidth >= 180}
                    showSince={options.showSince && cellWidth >= 136}
                    place={here}
                    tabStop={place.row === here.row && place.column === here.column}
                    onFocus={onFocus}
                    onShow={show}
                  />
                )
              })}
            </div>
          ))}
          <div style={{ height: below }} />
        </div>
        {rows.length === 0 && <p className={styles.none}>Nothing is wrong: {matrix.hidden} components are fine.</p>}
      </div>
      {shown && (
        <HoverCard anchor={shown.anchor}>
          <CellCard cell={shown.cell} now={now} />
        </HoverCard>
      )}
    </>
  )
}

/** Keeps one cell in the tab order and moves it with the arrow keys, scrolling where needed. */
function useGridFocus({ rows, columns, reveal }: { rows: number; columns: number; reveal: (row: number) => void }) {
  const gridRef = useRef<HTMLDivElement>(null)
  const wanted = useRef(false)
  const [place, setPlace] = useState<Place>({ row: 0, column: 0 })

  useEffect(() => {
    if (!wanted.current) return
    const target = gridRef.current?.querySelector<HTMLElement>(`[data-place="${place.row}:${place.column}"]`)
    if (!target) return
    wanted.current = false
    target.focus({ preventScroll: true })
  })
  const onKeyDown = useCallback(
    (event: KeyboardEvent) => {
      const next = moveFocus(place, event.key, { rows, columns, ctrl: event.ctrlKey })
      if (next === undefined) return
      event.preventDefault()
      wanted.current = true
      reveal(next.row)
      setPlace(next)
    },
    [place, rows, columns, reveal],
  )
  const inside = { row: Math.min(place.row, Math.max(0, rows - 1)), column: Math.min(place.column, Math.max(0, columns - 1)) }
  return { place: inside, gridRef, onKeyDown, onFocus: setPlace }
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ flex: 1, minHeight: 0, overflow: 'auto' }),
  row: css({ display: 'grid', alignItems: 'stretch' }),
  header: css({
    position: 'sticky',
    top: 0,
    zIndex: 2,
    height: headerHeight,
    background: theme.colors.background.primary,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  label: css({
    position: 'sticky',
    left: 0,
    zIndex: 1,
    alignContent: 'center',
    padding: theme.spacing(0, 1),
    background: theme.colors.background.primary,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  }),
  corner: css({ zIndex: 3 }),
  column: css({ alignContent: 'center', padding: theme.spacing(0, 1), overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
  none: css({ padding: theme.spacing(2), textAlign: 'center', color: theme.colors.text.secondary }),
})
