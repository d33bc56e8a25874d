import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { LocationServiceProvider, locationService } from '@grafana/runtime'
import { ErrorBoundaryAlert, ModalRoot, ModalsProvider, PortalContainer, TimeRangeProvider, useStyles2 } from '@grafana/ui'
import { Navigate, Route, Routes } from 'react-router-dom'
import { DashboardPage } from './DashboardPage.tsx'
import { useDashboardList } from './dashboard-list.ts'
import { Header } from './Header.tsx'
import { HistoryRouter } from './HistoryRouter.tsx'
import { Notices } from './Notices.tsx'
import { PageState } from './PageState.tsx'
import type { PageServices } from './services.ts'
import { TokenPrompt } from './TokenPrompt.tsx'
import { ThemeProvider } from './theme.tsx'

/** The page: a header over one dashboard. */
export function App({ services }: { services: PageServices }) {
  return (
    <ThemeProvider>
      <ErrorBoundaryAlert style="page">
        <LocationServiceProvider service={locationService}>
          <HistoryRouter>
            <TimeRangeProvider>
              <ModalsProvider>
                <Page services={services} />
                <ModalRoot />
                <PortalContainer />
              </ModalsProvider>
            </TimeRangeProvider>
          </HistoryRouter>
        </LocationServiceProvider>
      </ErrorBoundaryAlert>
    </ThemeProvider>
  )
}

function Page({ services }: { services: PageServices }) {
  const styles = useStyles2(getStyles)
  const list = useDashboardList()
  const first = list.dashboards?.[0]?.uid
  return (
    <div className={styles.page}>
      <a href="#content" className={styles.skip}>
        Skip to the dashboard
      </a>
      <Header dashboards={list.dashboards ?? []} token={services.token} />
      <main id="content" className={styles.main} tabIndex={-1}>
        {list.error && <PageState title="The list of dashboards could not be read" message={list.error} onRetry={list.reload} />}
        <Routes>
          <Route path="/d/:uid/*" element={<DashboardPage currentScene={services.currentScene} dashboards={list.dashboards} />} />
          <Route path="*" element={first === undefined ? <EmptyList {...list} /> : <Navigate to={`/d/${first}`} replace />} />
        </Routes>
      </main>
      <Notices appEvents={services.appEvents} />
      <TokenPrompt keeper={services.token} />
    </div>
  )
}

function EmptyList({ dashboards, error }: ReturnType<typeof useDashboardList>) {
  if (error || dashboards === undefined) return null
  return (
    <PageState
      title="There is no dashboard yet"
      message="Put classic dashboard JSON into the folder dashboards/ and load this page again."
    />
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  page: css({ backgroundColor: theme.colors.background.canvas, display: 'flex', flexDirection: 'column', minHeight: '100vh' }),
  main: css({ display: 'flex', flexDirection: 'column', flexGrow: 1, minWidth: 0, '&:focus': { outline: 'none' } }),
  skip: css({
    left: -9999,
    position: 'absolute',
    '&:focus': {
      background: theme.colors.background.primary,
      left: theme.spacing(1),
      padding: theme.spacing(1),
      top: theme.spacing(1),
      zIndex: theme.zIndex.modal,
    },
  }),
})
