import { css } from '@emotion/css'
import { type GrafanaTheme2, LoadingState, type PanelData } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'

type PanelMessageProps = { data: PanelData; noValue?: string | undefined; needs?: string }

/** What stands in a panel that has nothing to draw: why, in words. */
export function PanelMessage({ data, noValue, needs }: PanelMessageProps) {
  const styles = useStyles2(getStyles)
  const error = data.errors?.[0]?.message
  if (error) {
    return (
      <div className={styles.box} role="alert">
        <span className={styles.error}>{error}</span>
      </div>
    )
  }
  const isEmpty = data.series.every((frame) => frame.length === 0)
  const empty = isEmpty ? (noValue ?? 'No data') : (needs ?? 'No data')
  return <div className={styles.box}>{data.state === LoadingState.Loading ? 'Loading …' : empty}</div>
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    alignItems: 'center',
    color: theme.colors.text.secondary,
    display: 'flex',
    height: '100%',
    justifyContent: 'center',
    overflow: 'auto',
    textAlign: 'center',
    width: '100%',
  }),
  error: css({ color: theme.colors.error.text, maxWidth: 600 }),
})
