/**
 * What Grafana's server writes into its page. This file is the first import of the page: the
 * packages read these globals while they load.
 */
import type { BootData } from '@grafana/data'
import { readActor } from './actor.ts'
import { readTheme } from './theme-choice.ts'

declare global {
  interface Window {
    grafanaBootData?: unknown
    __grafana_public_path__?: string
  }
}

/** The Grafana whose packages this page is made of. */
const grafanaVersion = '13.2.2'

type Partially<T> = { [Key in keyof T]?: T[Key] extends object ? Partially<T[Key]> : T[Key] }

function createBootData(): Partially<BootData> {
  const theme = readTheme()
  return {
    user: {
      isSignedIn: true,
      id: 1,
      login: readActor(),
      name: readActor(),
      // The collector decides what a caller may do; the page offers everything and shows its refusal.
      orgRole: 'Editor' as BootData['user']['orgRole'],
      orgId: 1,
      theme,
      lightTheme: theme === 'light',
      timezone: 'browser',
      weekStart: 'browser',
      language: 'en-US',
      permissions: {},
    },
    settings: {
      appUrl: `${window.location.origin}/`,
      appSubUrl: '',
      buildInfo: { version: grafanaVersion, env: 'production', commit: '', hideVersion: true },
      featureToggles: {},
      datasources: {},
      panels: {},
      apps: {},
      minRefreshInterval: '',
      windowTitlePrefix: 'Tidewatch - ',
      liveEnabled: false,
      disableSanitizeHtml: false,
    },
    navTree: [],
  }
}

window.__grafana_public_path__ = '/public/'
window.grafanaBootData = createBootData()
