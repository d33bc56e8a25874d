import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { AppError, messageOf } from '../../lib/errors.ts'
import type { HttpOptions } from '../deps.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { pagePolicy } from '../middleware/security-headers.ts'
import { sendFile } from '../static-files.ts'

const pluginPath = '/public/plugins/'

/** The order people read them in: is it all right, what is wrong, why, what changed. Others follow by title. */
const readingOrder = ['overview', 'system-health', 'alerts', 'performance', 'deployments', 'metrics'].map((name) => `tidewatch-${name}`)

const notBuilt = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Tidewatch</title></head>
<body>
<h1>Tidewatch runs, its pages are not built</h1>
<p>Run <code>npm run build</code> in the folder of Tidewatch, then load this page again. <code>npm start</code> does both.</p>
<p>The API is there meanwhile: see <a href="/docs">/docs</a>.</p>
</body>
</html>
`

export type DashboardEntry = { uid: string; title: string; tags: readonly string[]; file: string }

/** The viewer at `/`, the built plugin where Grafana would have it, and the dashboards both draw. */
export function viewerRoutes(options: Pick<HttpOptions, 'viewerDir' | 'pluginDir' | 'dashboardsDir'>): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()

  app.get('/viewer/dashboards', async (c) => {
    const all = await loadDashboards(options.dashboardsDir)
    return c.json({ dashboards: all.map(({ entry: { file: _, ...entry } }) => entry) })
  })
  app.get('/viewer/dashboards/:uid', async (c) => {
    const uid = c.req.param('uid')
    const found = (await loadDashboards(options.dashboardsDir)).find(({ entry }) => entry.uid === uid)
    if (!found) throw new AppError('NOT_FOUND', `There is no dashboard "${uid}".`)
    return c.json(found.dashboard)
  })
  app.get(`${pluginPath}*`, async (c) => {
    // Grafana serves plugins under their id; here there is one, and its id is the first part.
    const [, ...rest] = c.req.path.slice(pluginPath.length).split('/')
    const sent = await sendFile(c, options.pluginDir, rest.join('/'))
    if (!sent) throw new AppError('NOT_FOUND', `The plugin has no file ${c.req.path}; npm run build makes it.`)
    return sent
  })
  app.get('/*', (c, next) => page(c, options.viewerDir, next))
  return app
}

/** A file of the viewer, or its page for an address that only the viewer's own router knows. */
async function page(c: Context<HttpEnv>, folder: string, next: () => Promise<void>): Promise<Response | undefined> {
  const path = c.req.path.slice(1)
  const isFile = /\.\w+$/.test(path)
  const isOurs = /^(?:api|v1|prometheus|alertmanager|docs|viewer\/dashboards)(?:\/|$)/.test(path)
  if (isOurs) {
    await next()
    return undefined
  }
  c.header('Content-Security-Policy', pagePolicy)
  const sent = await sendFile(c, folder, isFile ? path : 'index.html')
  if (sent) return sent
  if (!isFile) return c.html(notBuilt, 200)
  await next()
  return undefined
}

type Loaded = { entry: DashboardEntry; dashboard: { uid?: string; title?: string; tags?: string[] } }

/** Read on every request: they are few, and an edited dashboard shows without a restart. */
async function loadDashboards(folder: string): Promise<Loaded[]> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json')).sort()
  const loaded = await Promise.all(
    files.map(async (file) => {
      const dashboard = parse(await readFile(join(folder, file), 'utf8'), file)
      const { uid = file.replace(/\.json$/, ''), title = uid, tags = [] } = dashboard
      return { entry: { uid, title, tags, file }, dashboard }
    }),
  )
  const placeOf = ({ entry }: Loaded) => {
    const place = readingOrder.indexOf(entry.uid)
    return place < 0 ? readingOrder.length : place
  }
  return loaded.sort((a, b) => placeOf(a) - placeOf(b) || a.entry.title.localeCompare(b.entry.title))
}

function parse(text: string, file: string): Loaded['dashboard'] {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    throw new AppError('INTERNAL', `The dashboard ${file} is not JSON: ${messageOf(thrown)}`, { cause: thrown })
  }
}
