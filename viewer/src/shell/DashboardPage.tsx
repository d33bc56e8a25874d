import { UrlSyncContextProvider } from '@grafana/scenes'
import type { Dashboard } from '@grafana/schema'
import { useEffect, useMemo } from 'react'
import { useParams } from 'react-router-dom'
import { toScene } from '../dashboard/to-scene.ts'
import type { CurrentScene } from '../services/current-scene.ts'
import { type DashboardEntry, useDashboardJson } from './dashboard-list.ts'
import { PageState } from './PageState.tsx'
import { useThemeSwitch } from './theme.tsx'

type DashboardPageProps = { currentScene: CurrentScene; dashboards: DashboardEntry[] | undefined }

export function DashboardPage({ currentScene, dashboards }: DashboardPageProps) {
  const { uid = '' } = useParams()
  const { dashboard, error, reload } = useDashboardJson(uid)
  // Panels keep the colours they were processed with: another theme is another scene, and the address keeps its state.
  const { name: theme } = useThemeSwitch()
  if (error) {
    const exists = dashboards?.some((entry) => entry.uid === uid) ?? true
    return <PageState title={exists ? 'The dashboard could not be read' : 'There is no such dashboard'} message={error} onRetry={reload} />
  }
  if (!dashboard) return <PageState title="Loading the dashboard …" />
  return <DashboardOnScreen key={`${uid} ${theme}`} dashboard={dashboard} currentScene={currentScene} />
}

function DashboardOnScreen({ dashboard, currentScene }: { dashboard: Dashboard; currentScene: CurrentScene }) {
  const scene = useMemo(() => toScene(dashboard), [dashboard])
  useEffect(() => {
    document.title = `${scene.state.title} - Tidewatch`
  }, [scene])
  // Queries may run as soon as the scene is drawn, so it is entered before and not in an effect.
  const leave = useMemo(() => currentScene.enter(scene), [currentScene, scene])
  useEffect(() => {
    currentScene.enter(scene)
    return leave
  }, [currentScene, scene, leave])
  return (
    <UrlSyncContextProvider scene={scene} updateUrlOnInit createBrowserHistorySteps>
      <scene.Component model={scene} />
    </UrlSyncContextProvider>
  )
}
