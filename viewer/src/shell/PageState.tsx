import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, useStyles2 } from '@grafana/ui'

type PageStateProps = { title: string; message?: string; onRetry?: () => void }

/** Stands where a dashboard would: loading, failed or missing. */
export function PageState({ title, message, onRetry }: PageStateProps) {
  const styles = useStyles2(getStyles)
  return (
    <div className={styles.box} role={onRetry ? 'alert' : 'status'}>
      <h2 className={styles.title}>{title}</h2>
      {message && <p className={styles.message}>{message}</p>}
      {onRetry && (
        <Button variant="secondary" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    alignItems: 'center',
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    margin: 'auto',
    maxWidth: 560,
    padding: theme.spacing(4),
    textAlign: 'center',
  }),
  title: css({ ...theme.typography.h4, margin: 0 }),
  message: css({ color: theme.colors.text.secondary, margin: 0 }),
})
