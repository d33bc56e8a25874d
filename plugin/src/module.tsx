import { AppPlugin } from '@grafana/data'
import { ConfigPage } from './pages/ConfigPage.tsx'
import { StartPage } from './pages/StartPage.tsx'

export const plugin = new AppPlugin().setRootPage(StartPage).addConfigPage({
  title: 'Configuration',
  icon: 'cog',
  id: 'configuration',
  body: ConfigPage,
})
