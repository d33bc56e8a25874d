import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { type ReactNode, useMemo } from 'react'
import { Glyph } from '../../../ui/Glyph.tsx'
import { severitiesByRank, severityLooks } from '../looks.ts'
import type { AlertRow } from '../view-model.ts'

/** How many there are of each severity, where no filter says it: the list shows its first few, and a storm looks like them. */
export function AlertTally({ rows, children }: { rows: readonly AlertRow[]; children?: ReactNode }) {
  const styles = useStyles2(getStyles)
  const counts = useMemo(() => {
    const active = rows.filter((row) => row.state !== 'resolved')
    return severitiesByRank.flatMap((severity) => {
      const count = active.filter((row) => row.severity === severity).length
      return count === 0 ? [] : [{ ...severityLooks[severity], count }]
    })
  }, [rows])
  return (
    <div className={styles.tally}>
      {counts.map(({ word, glyph, count }) => (
        <span key={word} className={styles.one}>
          <Glyph name={glyph} size={12} /> {count} {word.toLowerCase()}
        </span>
      ))}
      {children}
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  tally: css({
    flex: 'none',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0, 1.5),
    padding: theme.spacing(0.25, 1),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  one: css({ display: 'inline-flex', alignItems: 'center', gap: theme.spacing(0.5), whiteSpace: 'nowrap' }),
})
