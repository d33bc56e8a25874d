import { initPluginTranslations } from '@grafana/i18n'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { interceptLinks } from './intercept-links.ts'
import { startServices } from './services.ts'

/** Starts the page in an element of its document. */
export async function start(element: HTMLElement | null) {
  if (element === null) throw new Error('index.html has no element with the id "root".')
  await initPluginTranslations('tidewatch-viewer')
  const services = startServices()
  interceptLinks(document)
  createRoot(element).render(<App services={services} />)
}
