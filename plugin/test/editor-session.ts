import { EventBusSrv } from '@grafana/data'
import { config, locationService, setAppEvents, setDataSourceSrv } from '@grafana/runtime'

/** What Grafana holds when Jane, an editor, opens the alerts dashboard: herself, a datasource, a bus of events, and a page's address. */
export function startEditorSession(): void {
  config.bootData = { user: { login: 'jane', orgRole: 'Editor' } } as never
  setDataSourceSrv({ getInstanceSettings: () => ({ url: '/proxy' }) } as never)
  setAppEvents(new EventBusSrv())
  locationService.push('/d/alerts')
}
