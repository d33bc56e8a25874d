import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasInfluxd, type Influxd, startInfluxd } from '../collector/test/influxd.ts'
import {
  createService,
  openWindow,
  type Product,
  type Receiver,
  root,
  type Service,
  startBrowser,
  startProduct,
  startReceiver,
} from './product.ts'

type AxeResults = { violations: { id: string; nodes: { html: string }[] }[] }
const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')
const artifacts = join(root, 'artifacts', 'screenshots')
const configuration = (service: Service, receiver: Receiver) => `
log: { level: warn }
components:
  - { name: shop, environment: local, type: http, url: "${service.url}", interval: 1s, timeout: 1m, failureThreshold: 1, successThreshold: 1 }
receivers:
  - { name: team, type: webhook, url: "${receiver.url}" }
route: { receiver: team, group_wait: 0s, group_interval: 1s }
sources:
  - { type: host, interval: 1s }
`

/** The stores that run here: InfluxDB only where Debian's influxd is installed. */
const stores = ['duckdb', ...(hasInfluxd ? ['influxdb'] : [])]
const hasBrowser = existsSync('/usr/bin/chromium')

describe.runIf(hasBrowser).each(stores)('the main job in a browser, on %s', (store) => {
  let influxd: Influxd | undefined
  let service: Service
  let receiver: Receiver
  let product: Product
  let browser: Browser
  let page: Page
  const complaints: string[] = []

  const shoot = (name: string) => page.screenshot({ path: join(artifacts, `${store}-${name}.png`) })

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true })
    service = await createService()
    receiver = await startReceiver()
    if (store === 'influxdb') {
      influxd = await startInfluxd()
      process.env.TIDEWATCH_INFLUX_URL = influxd.url
    }
    product = await startProduct(configuration(service, receiver), ['--store', store])
    browser = await startBrowser()
    page = await openWindow(browser, { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && message.text().includes('Content Security Policy')) complaints.push(message.text())
    })
  })

  afterAll(async () => {
    await browser?.close()
    await product?.stop()
    await receiver?.stop()
    await service?.stop()
    await influxd?.stop()
    delete process.env.TIDEWATCH_INFLUX_URL
  })

  const cell = (component: string) => page.getByRole('rowheader', { name: component }).locator('xpath=following-sibling::td[1]')

  it('shows this host, its components and its own deployment on the overview', async () => {
    await page.goto(`${product.url}/`)
    await cell('shop').getByText('Up').waitFor()
    // On a busy machine the collector says of itself that it is late, and is right.
    await cell('collector')
      .getByText(/^(Up|Degraded|Down)$/)
      .waitFor()
    await page.getByText('0.1.0').first().waitFor()
    const cpu = page.locator('section, div').filter({ hasText: /^CPU/ }).getByText('%').first()
    await cpu.waitFor()
    await shoot('1-overview')
  })

  it('shows a stopped service red, fires an alert and tells the receiver', async () => {
    await service.stop()
    await cell('shop').getByText('Down').waitFor()
    const body = await receiver.waitFor(
      ({ status, alerts }) => status === 'firing' && alerts.some((alert) => alert.labels.component === 'shop'),
    )
    expect(body.alerts.length).toBeGreaterThan(0)
    await shoot('2-service-down')
  })

  it('acknowledges in the panel and shows who did', async () => {
    await page.goto(`${product.url}/d/tidewatch-alerts`)
    await page.getByRole('button', { name: 'Your name and token' }).click()
    await page.getByRole('textbox', { name: /^Name/ }).fill('jane')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await page.keyboard.press('Escape')
    await page
      .getByRole('button', { name: /^Acknowledge/ })
      .first()
      .click()
    await page
      .getByRole('dialog')
      .getByLabel(/Comment/)
      .fill('looking')
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByText('jane has it').first().waitFor()
    await shoot('3-acknowledged')
  })

  it('shows a deployment recorded through curl without a reload', async () => {
    await page.goto(`${product.url}/d/tidewatch-deployments`)
    await page.getByText('tidewatch').first().waitFor()
    await page.evaluate(() => Object.assign(globalThis, { sameDocument: true }))
    const body = JSON.stringify({ service: 'shop', environment: 'production', version: '1.4.2', actor: 'jane' })
    execFileSync('curl', ['-sf', `${product.url}/api/v1/deployments`, '-H', 'content-type: application/json', '-d', body])
    await page.getByText('1.4.2').first().waitFor()
    expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
    await shoot('4-deployment')
  })

  it('changes the time range', async () => {
    const asked = page.waitForRequest((request) => {
      if (!request.url().endsWith('/api/v1/query')) return false
      const { range } = request.postDataJSON() as { range: { from: number; to: number } }
      return range.to - range.from > 5 * 3_600_000
    })
    await page.getByRole('button', { name: /Time range selected/ }).click()
    await page.getByText('Last 6 hours').click()
    await asked
    await page.getByText('Last 6 hours').first().waitFor()
    await shoot('5-six-hours')
  })

  it('switches to the light theme', async () => {
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
    const dark = await background()
    await page.getByRole('button', { name: 'Use the light theme' }).click()
    await expect.poll(background).not.toBe(dark)
    await page.goto(`${product.url}/`)
    await cell('shop').getByText('Down').waitFor()
    await shoot('6-light')
  })

  it.each(['system-health', 'alerts', 'deployments'])('shows panels without an accessibility violation: %s', async (name) => {
    await page.goto(`${product.url}/d/tidewatch-${name}`)
    await page.getByText('shop').first().waitFor()
    await page.evaluate(axe)
    // Panel frames, pickers and legends are Grafana's own; a legend's button is named after the series it shows.
    const panels = { include: ['[data-testid="data-testid panel content"]'] }
    const rules = { rules: { 'label-content-name-mismatch': { enabled: false } } }
    const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(panels)}, ${JSON.stringify(rules)})`)
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
  })

  it('says when the service is back', async () => {
    await page.goto(`${product.url}/`)
    await service.start()
    await cell('shop').getByText('Up').waitFor()
    await receiver.waitFor(({ alerts }) => alerts.some(({ status, labels }) => status === 'resolved' && labels.component === 'shop'))
  })

  it('neither threw in the page nor broke its security policy', () => {
    expect(complaints).toEqual([])
  })
})
