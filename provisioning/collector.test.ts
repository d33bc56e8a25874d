import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../collector/src/config/load.ts'
import { createFakeDoors } from '../collector/src/http/fakes/fake-doors.ts'
import { createHttp } from '../collector/src/http/server.ts'
import { toKnown } from './checks.ts'
import { readTree, root } from './tree.ts'

const known = toKnown(readTree())
const { collector } = known.compose.services

describe('the collector under docker compose', () => {
  it.each(['provisioning/collector', 'e2e/collector'])('accepts the configuration in %s with what the compose file sets', (folder) => {
    const env = Object.fromEntries(
      Object.entries(collector.environment).map(([name, text]) => [name, text.startsWith('$') ? `${name}-0123456789` : text]),
    )
    const files = {
      exists: () => true,
      read: (path: string) => readFileSync(join(root, path.replace('/etc/tidewatch', folder)), 'utf8'),
    }
    const config = loadConfig({ flags: {}, env, files })

    expect(config.server.host).toBe('0.0.0.0')
    expect(config.tokens.map(({ scopes }) => scopes)).toEqual([['read'], ['operate'], ['write']])
    expect(config.store).toMatchObject({ type: 'influxdb', url: 'http://influxdb:8086', database: 'tidewatch' })
    expect(config.limits.stopGraceMs).toBeLessThan(Number.parseInt(collector.stop_grace_period ?? '', 10) * 1000)
  })

  it('serves every address that Grafana is told of', async () => {
    const env = Object.fromEntries(Object.keys(collector.environment).map((name) => [name, `${name}-0123456789`]))
    const read = () => readFileSync(join(root, 'provisioning/collector/tidewatch.yaml'), 'utf8')
    const { hooks } = loadConfig({ flags: { config: 'here' }, env, files: { exists: () => true, read } })
    const { app } = createHttp(createFakeDoors({ hooks }))
    const asked = [
      ...known.datasources.flatMap((source) =>
        source.type === 'prometheus'
          ? [{ url: `${source.url}/api/v1/rules`, method: 'GET' }]
          : source.type === 'alertmanager'
            ? [{ url: `${source.url}/api/v2/alerts`, method: 'GET' }]
            : [],
      ),
      ...known.alerting.contactPoints.flatMap(({ receivers }) =>
        receivers.flatMap((receiver) => (receiver.type === 'webhook' ? [{ url: receiver.settings.url, method: 'POST' }] : [])),
      ),
    ]
    expect(asked).toHaveLength(3)
    for (const { url, method } of asked) {
      const { status } = await app.request(new URL(url).pathname, { method })
      expect([url, status]).not.toEqual([url, 404])
    }
  })
})
