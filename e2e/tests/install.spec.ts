import { expect, test } from '@grafana/plugin-e2e'
import { secrets } from '../services.ts'

const plugins = [
  'tidewatch-monitoring-app',
  'tidewatch-monitoring-datasource',
  'tidewatch-health-panel',
  'tidewatch-alerts-panel',
  'tidewatch-deployments-panel',
]

test('Grafana loads the app and everything in it', async ({ request }) => {
  for (const id of plugins) {
    const answer = await request.get(`/api/plugins/${id}/settings`)
    expect([id, answer.status()]).toEqual([id, 200])
  }
  const app = await (await request.get('/api/plugins/tidewatch-monitoring-app/settings')).json()
  expect(app.enabled).toBe(true)
})

test('a new datasource says who answers', async ({ createDataSourceConfigPage, page }) => {
  const config = await createDataSourceConfigPage({ type: 'tidewatch-monitoring-datasource' })
  await page.getByLabel('URL').fill('http://collector:8484')
  await page.getByLabel('Read token').fill(secrets.TIDEWATCH_READ_TOKEN ?? '')
  await page.getByLabel('Operate token').fill(secrets.TIDEWATCH_OPERATE_TOKEN ?? '')
  await config.saveAndTest({ path: '/read/api/v1/status' })
  await expect(config).toHaveAlert('success', { hasText: 'Editors may acknowledge and resolve alerts.' })
})

test('a wrong token is named as what it is', async ({ createDataSourceConfigPage, page }) => {
  const config = await createDataSourceConfigPage({ type: 'tidewatch-monitoring-datasource' })
  await page.getByLabel('URL').fill('http://collector:8484')
  await page.getByLabel('Read token').fill('this token is not known anywhere')
  await config.saveAndTest({ path: '/read/api/v1/status' })
  await expect(config).toHaveAlert('error', { hasText: 'token' })
})
