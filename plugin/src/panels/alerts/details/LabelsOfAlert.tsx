import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { Facts } from '../../../ui/Facts.tsx'
import { toOwnLabels } from '../shown-labels.ts'
import type { AlertRow } from '../view-model.ts'

/** The labels of an alert; pressing one narrows the list to the alerts that share it, pressing it again widens it. */
export function LabelsOfAlert({
  row,
  chosen,
  onToggle,
}: {
  row: AlertRow
  /** `name=value` pairs that the filter asks for. */
  chosen: ReadonlySet<string>
  onToggle: ((pair: string) => void) | undefined
}) {
  const styles = useStyles2(getStyles)
  const labels = toOwnLabels(row)
  if (labels.length === 0) return null
  return (
    <>
      <p className={styles.title}>Labels</p>
      <Facts
        facts={labels.map(([name, value]) => {
          const pair = `${name}=${value}`
          if (!onToggle) return [name, value] as const
          return [
            name,
            <button
              key={name}
              type="button"
              className={styles.label}
              aria-pressed={chosen.has(pair)}
              title={chosen.has(pair) ? `Any ${name}` : `Only alerts with ${pair}`}
              onClick={() => onToggle(pair)}
            >
              {value === '' ? '(empty)' : value}
            </button>,
          ] as const
        })}
      />
    </>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  title: css({ ...theme.typography.bodySmall, margin: theme.spacing(1.5, 0, 0.5), color: theme.colors.text.secondary }),
  label: css({
    padding: 0,
    border: 0,
    background: 'none',
    color: 'inherit',
    textAlign: 'left',
    overflowWrap: 'anywhere',
    cursor: 'pointer',
    textDecoration: 'underline dotted',
    textUnderlineOffset: 3,
    '&:hover': { textDecorationStyle: 'solid' },
    '&[aria-pressed="true"]': { fontWeight: theme.typography.fontWeightBold, textDecorationStyle: 'solid' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  }),
})
