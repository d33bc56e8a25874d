import { css, cx } from '@emotion/css'
import type { GrafanaTheme2, PanelProps } from '@grafana/data'
import { Combobox, useStyles2 } from '@grafana/ui'
import { useMemo, useState } from 'react'
import { PanelFrame } from '../../../ui/PanelFrame.tsx'
import { PanelMessage } from '../../../ui/PanelMessage.tsx'
import { createSeriesKeeper } from '../../../ui/panel-state.ts'
import { StateTag } from '../../../ui/StateTag.tsx'
import { severityLooks } from '../looks.ts'
import type { AlertsOptions } from '../options.ts'
import { figures, type NoiseKey, type RuleNoise, sortNoise, toNoise } from './noise-view.ts'

type Order = { readonly key: NoiseKey; readonly isDescending: boolean }

/** Which rules are too loud, and which were worth it: a table, or where that has no room one card a rule. */
export function NoiseView({ data, width, height }: PanelProps<AlertsOptions>) {
  const [keepSeries] = useState(createSeriesKeeper)
  const [order, setOrder] = useState<Order>({ key: 'messages', isDescending: true })
  const series = useMemo(() => keepSeries(data), [keepSeries, data])
  const rules = useMemo(() => sortNoise(toNoise(series), order.key, order.isDescending), [series, order])
  return (
    <PanelFrame data={data} hasRows={rules.length > 0} width={width} height={height}>
      {rules.length === 0 ? (
        <PanelMessage title="Nothing fired" glyph="check">
          <p>No rule fired in this time range.</p>
        </PanelMessage>
      ) : width < 640 ? (
        <Cards rules={rules} order={order} onOrder={setOrder} />
      ) : (
        <Table rules={rules} order={order} onOrder={setOrder} />
      )}
    </PanelFrame>
  )
}

type ListProps = { rules: readonly RuleNoise[]; order: Order; onOrder: (order: Order) => void }

const heads: readonly { key: NoiseKey; name: string; says: string }[] = [
  { key: 'rule', name: 'Rule', says: '' },
  { key: 'severity', name: 'Severity', says: '' },
  ...figures,
]

function Table({ rules, order, onOrder }: ListProps) {
  const styles = useStyles2(getStyles)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard.
    <section className={styles.scroll} aria-label="Noise of rules" tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {heads.map(({ key, name, says }) => {
              const isSorted = order.key === key
              return (
                <th
                  key={key}
                  scope="col"
                  className={cx(!isText(key) && styles.number)}
                  {...(isSorted && { 'aria-sort': order.isDescending ? 'descending' : 'ascending' })}
                >
                  <button
                    type="button"
                    className={styles.head}
                    title={says}
                    onClick={() => onOrder({ key, isDescending: isSorted ? !order.isDescending : key !== 'rule' })}
                  >
                    {name} {isSorted && <span aria-hidden>{order.isDescending ? '↓' : '↑'}</span>}
                  </button>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.rule}>
              <th scope="row" className={styles.rule} dir="auto">
                {rule.rule}
              </th>
              <td>
                <Severity rule={rule} />
              </td>
              {figures.map(({ key, show }) => (
                <td key={key} className={styles.number}>
                  {show(rule)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Cards({ rules, order, onOrder }: ListProps) {
  const styles = useStyles2(getStyles)
  return (
    <>
      <div className={styles.order}>
        <label htmlFor="noise-order">Most first:</label>
        <Combobox
          id="noise-order"
          options={figures.map(({ key, name }) => ({ value: key, label: name }))}
          value={isText(order.key) ? 'messages' : order.key}
          onChange={({ value }) => onOrder({ key: value, isDescending: true })}
          width={18}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard. */}
      <section className={styles.scroll} aria-label="Noise of rules" tabIndex={0}>
        <ul className={styles.cards}>
          {rules.map((rule) => (
            <li key={rule.rule} className={styles.card}>
              <div className={styles.title}>
                <Severity rule={rule} />
                <span className={styles.rule} dir="auto">
                  {rule.rule}
                </span>
              </div>
              <dl className={styles.figures}>
                {figures.map(({ key, name, show }) => (
                  <div key={key}>
                    <dt>{name}</dt>
                    <dd>{show(rule)}</dd>
                  </div>
                ))}
              </dl>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

function Severity({ rule: { severity } }: { rule: RuleNoise }) {
  const { tone, glyph, word } = severityLooks[severity]
  return <StateTag tone={tone} glyph={glyph} word={word} />
}

function isText(key: NoiseKey): boolean {
  return key === 'rule' || key === 'severity'
}

const getStyles = (theme: GrafanaTheme2) => {
  const focus = { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 }
  const line = `1px solid ${theme.colors.border.weak}`
  return {
    scroll: css({ flex: 1, minHeight: 0, overflow: 'auto', '&:focus-visible': focus }),
    table: css({
      width: '100%',
      borderCollapse: 'separate',
      borderSpacing: 0,
      fontVariantNumeric: 'tabular-nums',
      '& th, & td': { padding: theme.spacing(0.5, 1), borderBottom: line, verticalAlign: 'middle' },
      '& thead th': { position: 'sticky', top: 0, zIndex: 1, background: theme.colors.background.primary },
      '& tbody tr:hover > *': { background: theme.colors.background.secondary },
    }),
    head: css({
      padding: 0,
      border: 0,
      background: 'none',
      color: theme.colors.text.secondary,
      fontWeight: theme.typography.fontWeightMedium,
      whiteSpace: 'nowrap',
      cursor: 'pointer',
      '&:hover': { color: theme.colors.text.primary },
      '&:focus-visible': focus,
    }),
    rule: css({ fontWeight: theme.typography.fontWeightMedium, overflowWrap: 'anywhere', textAlign: 'left' }),
    number: css({ textAlign: 'right', whiteSpace: 'nowrap' }),
    order: css({ flex: 'none', display: 'flex', alignItems: 'center', gap: theme.spacing(1), padding: theme.spacing(0.5, 1) }),
    cards: css({ margin: 0, listStyle: 'none' }),
    card: css({ padding: theme.spacing(1), borderTop: line }),
    title: css({ display: 'flex', alignItems: 'flex-start', gap: theme.spacing(1), marginBottom: theme.spacing(0.5) }),
    figures: css({
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(88px, 1fr))',
      gap: theme.spacing(0.5, 1),
      margin: 0,
      fontVariantNumeric: 'tabular-nums',
      '& dt': { ...theme.typography.bodySmall, color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
      '& dd': { margin: 0 },
    }),
  }
}
