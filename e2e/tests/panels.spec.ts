import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@grafana/plugin-e2e'

const folder = new URL('../../dashboards/', import.meta.url)
const dashboards = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { uid: string; title: string })

test('the matrix shows a component that is up and one that is down', async ({ gotoDashboardPage, page }) => {
  await gotoDashboardPage({ uid: 'tidewatch-system-health' })
  const matrix = page.getByRole('table', { name: 'Health of components by environment' })
  await expect(matrix.getByRole('row', { name: /grafana/ })).toContainText('up', { ignoreCase: true })
  await expect(matrix.getByRole('row', { name: /nobody/ })).toContainText('down', { ignoreCase: true })
})

for (const { uid, title } of dashboards) {
  test(`the dashboard ${title} draws without an error`, async ({ gotoDashboardPage, page }) => {
    await gotoDashboardPage({ uid })
    await page.waitForLoadState('networkidle')
    await expect(page.getByTestId('data-testid Panel status error')).toHaveCount(0)
    await expect(page.getByText('Panel plugin not found')).toHaveCount(0)
  })
}

test('a deployment appears on the timeline', async ({ gotoDashboardPage, page }) => {
  await gotoDashboardPage({ uid: 'tidewatch-deployments' })
  // The collector records its own start.
  await expect(page.getByText('tidewatch').first()).toBeVisible()
})
