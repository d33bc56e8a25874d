import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alertConfiguration, makeMany, makeOneOfEach } from './alert-scene.ts'
import { openWindow, type Product, root, startBrowser, startProduct } from './product.ts'

type AxeResults = { violations: { id: string; nodes: { html: string }[] }[] }
const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')
const artifacts = join(root, 'artifacts', 'screenshots')
const hasBrowser = existsSync('/usr/bin/chromium')
const wide = { width: 1440, height: 1000 }
const narrow = { width: 360, height: 1000 }
const question = '**/api/v1/query'

let browser: Browser
let page: Page

async function openPage(product: Product, colorScheme: 'dark' | 'light' = 'dark', size = wide): Promise<void> {
  await page?.close()
  page = await openWindow(browser, { viewport: size, colorScheme })
  await page.goto(`${product.url}/d/tidewatch-alerts`)
}

const lines = () => page.locator('[data-line]')
const panel = (title: string) => page.getByRole('region', { name: title })
const shoot = (name: string) => page.screenshot({ path: join(artifacts, `alerts-${name}.png`) })

/** What axe has against the whole page: Grafana's frames, pickers and legends with it. */
async function complaints(): Promise<string[]> {
  await page.evaluate(axe)
  // Buttons of Grafana's legends and of its refresh picker are named after what they do, not after the text they show.
  const rules = { rules: { 'label-content-name-mismatch': { enabled: false } } }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(rules)})`)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

beforeAll(async () => {
  mkdirSync(artifacts, { recursive: true })
  if (hasBrowser) browser = await startBrowser()
})
afterAll(() => browser?.close())

describe.runIf(hasBrowser)('the alerts dashboard with one alert of each sort', () => {
  let product: Product
  beforeAll(async () => {
    product = await startProduct(alertConfiguration)
    await makeOneOfEach(product)
  })
  afterAll(() => product?.stop())

  it.each(['dark', 'light'] as const)('has no accessibility violation on the whole page, list and details open: %s', async (scheme) => {
    await openPage(product, scheme)
    await lines().first().waitFor()
    await panel('Active alerts').locator('[data-testid="panel-streaming"]').waitFor()
    await shoot(`list-${scheme}`)
    expect(await complaints()).toEqual([])
    await panel('Active alerts').getByText('Inhibited').click()
    await page.getByLabel('Details of checkout-slow').getByText('database-down: No connection').waitFor()
    await shoot(`details-${scheme}`)
    expect(await complaints()).toEqual([])
  })

  it('says of each alert whose it is, who has it, and what keeps it from receivers', async () => {
    await openPage(product)
    const active = panel('Active alerts')
    await active.getByText('from grafana').waitFor()
    await active.getByText('jane has it').waitFor()
    await active.getByLabel('Text').fill('queue us')
    await active.getByText('Silenced').click()
    await page.getByText('New workers are on their way.').waitFor()
    await page.getByText(/Silenced by joe until/).waitFor()
  })

  it('stays readable at 360 pixels', async () => {
    await openPage(product, 'dark', narrow)
    await lines().first().waitFor()
    await lines().first().scrollIntoViewIfNeeded()
    await shoot('narrow')
    await lines().first().click()
    await page.getByLabel('Details of database-down').waitFor()
    await shoot('narrow-details')
    expect(await complaints()).toEqual([])
  })

  it.each([
    ['dark', narrow],
    ['light', wide],
  ] as const)('says which rules are loud without scrolling sideways: %s', async (scheme, size) => {
    await openPage(product, scheme, size)
    const noise = panel('Noise per rule')
    // Panels below the screen's edge are drawn once somebody scrolls to them.
    for (let turns = 0; turns < 500 && (await noise.getByText('Messages').count()) === 0; turns++) {
      await page.mouse.move(10, 500)
      await page.mouse.wheel(0, 300)
      await page.evaluate('new Promise(requestAnimationFrame)')
    }
    await noise.getByText('queue-long').waitFor()
    await noise.scrollIntoViewIfNeeded()
    await shoot(`noise-${size.width}`)
    expect(await noise.getByRole('region', { name: 'Noise of rules' }).evaluate((list) => list.scrollWidth - list.clientWidth)).toBe(0)
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    expect(await complaints()).toEqual([])
  })

  it('says that it waits, and why there is nothing: the collector gone, or no right to read', async () => {
    await openPage(product)
    await page.route(question, () => undefined)
    await page.reload()
    await panel('Active alerts').getByLabel('Panel loading bar').waitFor()
    await panel('Active alerts').getByRole('button', { name: 'Cancel query' }).waitFor()
    await shoot('loading')
    expect(await complaints()).toEqual([])
    await page.unroute(question)
    await page.route(question, (route) => route.abort())
    await page.reload()
    await panel('Active alerts').getByText('The query failed').waitFor()
    await shoot('collector-gone')
    expect(await complaints()).toEqual([])
    await page.unroute(question)
    const refusal = { error: { code: 'UNAUTHENTICATED', message: 'This route needs a token with the scope read.' } }
    await page.route(question, (route) => route.fulfill({ status: 401, json: refusal }))
    await page.reload()
    await page.getByRole('dialog').getByText(/token/i).first().waitFor()
    await shoot('no-right')
  })

  it('keeps the last list in sight, with a word, when an update fails', async () => {
    await openPage(product)
    await lines().first().waitFor()
    await page.route(question, (route) => route.abort())
    await page.getByRole('button', { name: 'Refresh' }).first().click()
    await panel('Active alerts').getByText('The last update failed').waitFor()
    await shoot('update-failed')
    expect(await lines().count()).toBeGreaterThan(0)
  })
})

describe.runIf(hasBrowser)('the alerts dashboard', () => {
  it('says that nothing is wrong, without a violation', async () => {
    const product = await startProduct(alertConfiguration)
    try {
      await openPage(product, 'light')
      await panel('Active alerts').getByText('No alerts').waitFor()
      await shoot('empty')
      expect(await complaints()).toEqual([])
    } finally {
      await product.stop()
    }
  })

  it.each([1000, 5000])('draws a window of %i alerts, finds one by typing, and scrolls to the last', async (count) => {
    const product = await startProduct(alertConfiguration)
    try {
      await makeMany(product, count)
      await openPage(product)
      const active = panel('Active alerts')
      const drawn = () => active.locator('[data-line]').count()
      await active.locator('[data-line]').first().waitFor()
      await shoot(`${count}-rows`)
      expect(await drawn()).toBeLessThan(60)
      expect(await complaints()).toEqual([])
      await active.getByLabel('Text').fill(`host-${count - 1} `)
      await active.getByText(`host=host-${count - 1}`).waitFor()
      await shoot(`${count}-rows-found`)
      await active.getByLabel('Text').fill('')
      await expect.poll(drawn).toBeGreaterThan(1)
      const scrollToEnd = () => active.getByRole('list', { name: 'Alerts' }).evaluate((list) => list.parentElement?.scrollTo({ top: 1e9 }))
      await expect
        .poll(async () => {
          await scrollToEnd()
          return active.getByText('cache-cold').count()
        })
        .toBeGreaterThan(0)
      expect(await drawn()).toBeLessThan(60)
    } finally {
      await product.stop()
    }
  })
})
