import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Card, Grid, useStyles2 } from '@grafana/ui'
import { CollectorStatus } from './CollectorStatus.tsx'
import { dashboards } from './dashboards.ts'

/** The app's first page: how the collector is, and where to look. */
export function StartPage() {
  const styles = useStyles2(getStyles)
  return (
    <main className={styles.page}>
      <h1>Tidewatch</h1>
      <p className={styles.lead}>Is everything healthy, what is wrong, what changed.</p>
      <CollectorStatus />
      <Grid gap={2} minColumnWidth={34}>
        {dashboards.map(({ uid, title, question }) => (
          <Card key={uid} href={`d/${uid}`} noMargin>
            <Card.Heading>{title}</Card.Heading>
            <Card.Description>{question}</Card.Description>
          </Card>
        ))}
      </Grid>
    </main>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ padding: theme.spacing(3), maxWidth: 1200, display: 'flex', flexDirection: 'column', gap: theme.spacing(2) }),
  lead: css({ color: theme.colors.text.secondary, margin: 0 }),
})
