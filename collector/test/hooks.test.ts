import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlertsResponse } from '../src/contract/alerts.ts'
import type { DeploymentsResponse } from '../src/contract/deployments.ts'
import { type Running, startCollector, valuesOf } from './collector.ts'

const secret = 'a-secret-of-sixteen'
const yaml = `
presets: []
sources: []
hooks:
  - { type: grafana, secret: ${secret} }
  - { type: github, secret: ${secret} }
`
let collector: Running

beforeAll(async () => {
  collector = await startCollector({ yaml })
})
afterAll(() => collector.stop())

const ask = async <Shape>(path: string) => (await (await fetch(`${collector.url}/api/v1/${path}`)).json()) as Shape

describe('the hooks of a running collector', () => {
  it('take the alert that the documentation sends with curl, and show it beside the others', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/receive-from-others.md'), 'utf8')
    const [, script = ''] = /## Try it\n\n```sh\n([\s\S]*?)```/.exec(page) ?? []
    const command = script.replaceAll('http://127.0.0.1:8484', collector.url)
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { env: { ...process.env, SECRET: secret } })
    expect(JSON.parse(stdout)).toEqual({ began: 1, ended: 0, unchanged: 0, refused: 0 })
    const { alerts } = await ask<AlertsResponse>('alerts')
    expect(alerts).toMatchObject([{ rule: 'Try', source: 'grafana', severity: 'warning', annotations: { summary: 'by hand' } }])
    await expect.poll(() => valuesOf(collector.url, 'alert_events', 'fingerprint')).toEqual([alerts[0]?.id])
  })

  it('take a deployment of GitHub once, also when it is delivered again', async () => {
    const body = JSON.stringify({
      action: 'created',
      deployment: {
        id: 7,
        sha: '3f2c1ab',
        ref: 'v1.4.2',
        environment: 'staging',
        created_at: new Date().toISOString(),
        creator: { login: 'jane' },
      },
      repository: { full_name: 'acme/web', name: 'web' },
    })
    const headers = {
      'x-github-event': 'deployment',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    }
    const answers = []
    for (const _ of [1, 2])
      answers.push(await (await fetch(`${collector.url}/api/v1/hooks/github`, { method: 'POST', headers, body })).json())
    expect(answers).toEqual([
      { recorded: true, id: 'github-deployment-7' },
      { recorded: true, id: 'github-deployment-7', replayed: true },
    ])
    const { deployments } = await ask<DeploymentsResponse>('deployments?service=web')
    expect(deployments).toMatchObject([{ service: 'web', environment: 'staging', version: 'v1.4.2', actor: 'jane', status: 'running' }])
  })
})
