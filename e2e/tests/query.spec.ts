import { expect, test } from '@grafana/plugin-e2e'
import { push } from '../services.ts'

test('the builder completes names and draws what was pushed', async ({ panelEditPage, page }) => {
  await push('e2e_orders', { count: 7 })
  await panelEditPage.datasource.set('Tidewatch')
  await panelEditPage.setVisualization('Table')
  const row = panelEditPage.getQueryEditorRow('A')

  await row.getByLabel('Measurement').fill('e2e_ord')
  await page.getByRole('option', { name: 'e2e_orders' }).click()
  await row.getByLabel('Fields').fill('cou')
  const answered = page.waitForResponse((answer) => answer.url().includes('/read/api/v1/query') && answer.ok())
  await page.getByRole('option', { name: 'count' }).click()
  await page.keyboard.press('Escape')
  await answered

  await expect(panelEditPage.panel.fieldNames).toContainText(['count'])
  await expect(panelEditPage.panel.data).toContainText(['7'])
})

test('the same points are there for Grafana’s own InfluxDB datasource', async ({ request }) => {
  await push('e2e_shared', { value: 3 })
  const ask = async () => {
    const answer = await request.post('/api/ds/query', {
      data: {
        from: 'now-1h',
        to: 'now',
        queries: [
          {
            refId: 'A',
            datasource: { uid: 'influx' },
            rawQuery: true,
            resultFormat: 'time_series',
            query: 'SELECT last("value") FROM "e2e_shared" WHERE $timeFilter',
          },
        ],
      },
    })
    return JSON.stringify(await answer.json())
  }
  await expect.poll(ask).toContain('"values":[[')
})
