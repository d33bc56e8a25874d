import { css, cx } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { Fragment } from 'react'
import type { RowWindow } from '../../ui/row-window.ts'
import { MatrixCell } from './MatrixCell.tsx'
import type { MatrixWidths } from './matrix-widths.ts'
import type { HealthOptions } from './options.ts'
import { useGridFocus } from './use-grid-focus.ts'
import type { Cell, MatrixRow } from './view-model.ts'

type Props = {
  environments: readonly string[]
  lines: readonly (readonly MatrixRow[])[]
  options: HealthOptions
  now: number
  widths: MatrixWidths
  window: RowWindow
  reveal: (line: number) => void
  onShow: (cell: Cell, element: Element) => void
}

/** Components down the side, environments across the top. One cell takes the tab stop, arrow keys move it. */
export function MatrixTable({ environments, lines, options, now, widths, window, reveal, onShow }: Props) {
  const styles = useStyles2(getStyles)
  const { perLine } = widths
  const focus = useGridFocus({ rows: lines.length, columns: environments.length * perLine, reveal })
  const shows = {
    now,
    small: widths.cell < 140,
    showLatency: options.showLatency && widths.cell >= 190,
    showSince: options.showSince && widths.cell >= 150,
  }
  return (
    <table
      ref={focus.tableRef}
      className={styles.table}
      style={{ width: widths.table }}
      aria-rowcount={lines.length + 1}
      onKeyDown={focus.onKeyDown}
    >
      <caption className={styles.caption}>Health of components by environment</caption>
      <Head environments={environments} widths={widths} />
      <tbody>
        <Spacer height={window.above} />
        {lines.slice(window.start, window.end).map((line, offset) => {
          const lineAt = window.start + offset
          return (
            <tr key={line[0]?.component} style={{ height: options.rowHeight }} aria-rowindex={lineAt + 2}>
              {line.map((row, part) => (
                <Fragment key={row.component}>
                  <th scope="row" className={cx(styles.label, perLine === 1 && styles.pinned)} title={row.component}>
                    {row.component}
                  </th>
                  {row.cells.map((cell, index) => {
                    const column = part * environments.length + index
                    return (
                      <MatrixCell
                        key={environments[index]}
                        {...shows}
                        cell={cell}
                        row={lineAt}
                        column={column}
                        tabStop={focus.place.row === lineAt && focus.place.column === column}
                        onFocus={focus.onFocus}
                        onShow={onShow}
                      />
                    )
                  })}
                </Fragment>
              ))}
            </tr>
          )
        })}
        <Spacer height={window.below} />
      </tbody>
    </table>
  )
}

function Head({ environments, widths }: { environments: readonly string[]; widths: MatrixWidths }) {
  const styles = useStyles2(getStyles)
  return (
    <thead>
      <tr>
        {Array.from({ length: widths.perLine }, (_none, part) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line differ in nothing but their place.
          <Fragment key={part}>
            <th scope="col" className={cx(styles.corner, widths.perLine === 1 && styles.pinnedCorner)} style={{ width: widths.label }}>
              Component
            </th>
            {environments.map((name) => (
              <th scope="col" key={name} className={styles.column} title={name}>
                {name || 'any'}
              </th>
            ))}
          </Fragment>
        ))}
      </tr>
    </thead>
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
    corner: css({ ...head, zIndex: 2 }),
    pinnedCorner: css({ left: 0, zIndex: 3 }),
    column: css({ ...head, zIndex: 2 }),
    // Names stay in sight while the environments scroll sideways.
    pinned: css({ position: 'sticky', left: 0, zIndex: 1 }),
    label: css({
      padding: theme.spacing(0, 1),
      background,
      textAlign: 'left',
      fontWeight: theme.typography.fontWeightRegular,
      ...clipped,
    }),
  }
}
