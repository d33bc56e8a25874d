import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import type { RowWindow } from '../../ui/row-window.ts'
import { MatrixCell } from './MatrixCell.tsx'
import type { MatrixWidths } from './matrix-widths.ts'
import type { HealthOptions } from './options.ts'
import { useGridFocus } from './use-grid-focus.ts'
import type { Cell, Matrix } from './view-model.ts'

type Props = {
  matrix: Matrix
  options: HealthOptions
  now: number
  widths: MatrixWidths
  window: RowWindow
  reveal: (row: number) => void
  onShow: (cell: Cell, element: Element) => void
}

/** Components down the side, environments across the top. One cell takes the tab stop, arrow keys move it. */
export function MatrixTable({ matrix, options, now, widths, window, reveal, onShow }: Props) {
  const styles = useStyles2(getStyles)
  const { environments, rows } = matrix
  const { place, tableRef, onKeyDown, onFocus } = useGridFocus({ rows: rows.length, columns: environments.length, reveal })
  return (
    <table ref={tableRef} className={styles.table} style={{ width: widths.table }} aria-rowcount={rows.length + 1} onKeyDown={onKeyDown}>
      <caption className={styles.caption}>Health of components by environment</caption>
      <thead>
        <tr>
          <th scope="col" className={styles.corner} style={{ width: widths.label }}>
            Component
          </th>
          {environments.map((name) => (
            <th scope="col" key={name} className={styles.column} title={name}>
              {name || 'any'}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <Spacer height={window.above} />
        {rows.slice(window.start, window.end).map((row, offset) => (
          <tr key={row.component} style={{ height: options.rowHeight }} aria-rowindex={window.start + offset + 2}>
            <th scope="row" className={styles.label} title={row.component}>
              {row.component}
            </th>
            {row.cells.map((cell, column) => (
              <MatrixCell
                key={environments[column]}
                cell={cell}
                now={now}
                showLatency={options.showLatency && widths.cell >= 190}
                small={widths.cell < 140}
                showSince={options.showSince && widths.cell >= 150}
                row={window.start + offset}
                column={column}
                tabStop={place.row === window.start + offset && place.column === column}
                onFocus={onFocus}
                onShow={onShow}
              />
            ))}
          </tr>
        ))}
        <Spacer height={window.below} />
      </tbody>
    </table>
  )
}

/** Stands for the rows out of sight. */
function Spacer({ height }: { height: number }) {
  return height > 0 ? <tr aria-hidden style={{ height }} /> : null
}

const getStyles = (theme: GrafanaTheme2) => {
  const clipped = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const
  const background = theme.colors.background.primary
  const head = {
    position: 'sticky',
    top: 0,
    height: 28,
    padding: theme.spacing(0, 1),
    background,
    textAlign: 'left',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: theme.typography.fontWeightRegular,
    ...clipped,
  } as const
  return {
    table: css({ tableLayout: 'fixed', borderCollapse: 'collapse' }),
    caption: css({ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }),
    corner: css({ ...head, left: 0, zIndex: 3 }),
    column: css({ ...head, zIndex: 2 }),
    label: css({
      position: 'sticky',
      left: 0,
      zIndex: 1,
      padding: theme.spacing(0, 1),
      background,
      textAlign: 'left',
      fontWeight: theme.typography.fontWeightRegular,
      ...clipped,
    }),
  }
}
