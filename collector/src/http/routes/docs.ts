import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { OpenAPIHono } from '@hono/zod-openapi'
import { AppError } from '../../lib/errors.ts'
import type { HttpApp, HttpEnv } from '../env.ts'
import { pagePolicy } from '../middleware/security-headers.ts'

const assets: Readonly<Record<string, string>> = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' }

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tidewatch API</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`
const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null })\n`

/** `/openapi.json`, made from the routes, `/docs`, a page that shows it, and the schema of the configuration. Nothing comes from elsewhere. */
export function docsRoutes(described: HttpApp, version: string, configSchema: () => object): HttpApp {
  const app: HttpApp = new OpenAPIHono<HttpEnv>()
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  let document: object | undefined

  app.get('/openapi.json', (c) => {
    document ??= toDocument(described, version)
    return c.json(document)
  })
  app.get('/schema/tidewatch.json', (c) => c.json(configSchema(), 200, { 'Content-Type': 'application/schema+json' }))
  app.get('/docs', (c) => c.html(page, 200, { 'Content-Security-Policy': pagePolicy }))
  app.get('/docs/start.js', (c) => c.body(start, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }))
  app.get('/docs/:file', async (c) => {
    const file = c.req.param('file')
    const type = assets[file]
    if (!type) throw new AppError('NOT_FOUND', `There is no ${file} among the documents.`)
    const content = await readFile(join(folder, file))
    return c.body(content, 200, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'public, max-age=3600' })
  })
  return app
}

function toDocument(described: HttpApp, version: string): object {
  return described.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Tidewatch collector',
      version,
      description: 'Metrics in, health, alerts and deployments out. InfluxDB clients use /write and /api/v2/write.',
    },
    servers: [{ url: '/' }],
  })
}
