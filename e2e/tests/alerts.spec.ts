import { expect, test } from '@grafana/plugin-e2e'
import { push } from '../services.ts'

test('Grafana evaluates its own rules on InfluxDB without an error', async ({ request }) => {
  const states = async () => {
    const answer = await (await request.get('/api/prometheus/grafana/api/v1/rules')).json()
    const rules = answer.data.groups.flatMap((group: { rules: { name: string; health: string }[] }) => group.rules)
    return rules.map((rule: { name: string; health: string }) => `${rule.name}: ${rule.health}`).sort()
  }
  await expect.poll(states, { timeout: 150_000 }).toEqual(['CPU high: ok', 'Disk full: ok'])
})

test('the collector’s rules stand on Grafana’s alerting pages', async ({ request }) => {
  const answer = await (await request.get('/api/prometheus/tidewatch-rules/api/v1/rules')).json()
  expect(JSON.stringify(answer.data.groups)).toContain('e2e-value-high')
})

test('routing is provisioned whole', async ({ request }) => {
  const policy = await (await request.get('/api/v1/provisioning/policies')).json()
  expect(policy.receiver).toBe('collector')
  expect(JSON.stringify(policy.routes)).toContain('sunday-maintenance')
})

test('an alert fires, is acknowledged in the panel and shows who has it', async ({ gotoDashboardPage, page }) => {
  await push('e2e_value', { value: 100 })
  await gotoDashboardPage({ uid: 'tidewatch-alerts' })
  await page.getByRole('button', { name: 'Acknowledge e2e-value-high' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Comment').fill('seen by the walk')
  await dialog.getByRole('button', { name: 'Acknowledge' }).click()
  await expect(page.getByText('admin has it').first()).toBeVisible()
})
