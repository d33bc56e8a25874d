import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { StateTag } from '../../ui/StateTag.tsx'
import { overallLooks, stateLooks, statesByRank } from './states.ts'
import type { Matrix } from './view-model.ts'

/** The overall status and how many cells are in which state. */
export function HealthSummary({ matrix }: { matrix: Matrix }) {
  const styles = useStyles2(getStyles)
  const { word, tone, glyph } = overallLooks[matrix.overall]
  return (
    <div className={styles.bar} role="status">
      <StateTag tone={tone} glyph={glyph} word={word} strong />
      {statesByRank
        .filter((state) => matrix.counts[state] > 0)
        .map((state) => (
          <span key={state} className={styles.count}>
            {matrix.counts[state]} {stateLooks[state].word.toLowerCase()}
          </span>
        ))}
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    flex: 'none',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1.5),
    padding: theme.spacing(0.5, 1),
  }),
  count: css({ color: theme.colors.text.secondary }),
})
