import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alertConfiguration, makeOneOfEach } from './alert-scene.ts'
import { openWindow, type Product, root, startBrowser, startProduct } from './product.ts'

const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')
const artifacts = join(root, 'artifacts', 'screenshots')
const tabsMax = 60

describe.runIf(existsSync('/usr/bin/chromium'))('alerts, with nothing but the keyboard', () => {
  let product: Product
  let browser: Browser
  let page: Page

  const press = (key: string) => page.keyboard.press(key)
  /** What has the focus, as people are told of it. */
  const focused = () =>
    page.evaluate<string>(
      `(() => { const e = document.activeElement; return (e.getAttribute('aria-label') || document.querySelector('label[for="' + e.id + '"]')?.textContent || e.textContent || '').trim() })()`,
    )
  /** Goes on, as people do, until the focus is where they want it. */
  async function tabTo(name: RegExp): Promise<void> {
    for (let tabs = 0; tabs < tabsMax; tabs++) {
      if (name.test(await focused())) return
      await press('Tab')
    }
    throw new Error(`${tabsMax} times Tab did not lead to ${name}; the focus is on "${await focused()}"`)
  }
  const dialog = () => page.getByRole('dialog')
  const lineCount = () => page.getByRole('list', { name: 'Alerts' }).first().locator('[data-line]').count()
  const shoot = (name: string) => page.screenshot({ path: join(artifacts, `alerts-${name}.png`) })
  async function complaints(): Promise<string[]> {
    await page.evaluate(axe)
    const rules = { rules: { 'label-content-name-mismatch': { enabled: false } } }
    const { violations } = await page.evaluate<{ violations: { id: string }[] }>(`axe.run(document, ${JSON.stringify(rules)})`)
    return violations.map(({ id }) => id)
  }
  /** The line of an alert, found by typing into the filter and going down to the list. */
  async function focusLine(text: string): Promise<void> {
    await tabTo(/^Text$/)
    await press('Control+a')
    await page.keyboard.type(text)
    await page.getByRole('list', { name: 'Alerts' }).first().locator('[data-line]').first().waitFor()
    await expect.poll(lineCount).toBe(1)
    await tabTo(/^(Critical|High|Warning|Info)[a-z]+-/)
  }

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true })
    product = await startProduct(alertConfiguration)
    await makeOneOfEach(product)
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
  })

  async function open(): Promise<void> {
    await page?.close()
    page = await openWindow(browser, { viewport: { width: 1440, height: 1000 }, colorScheme: 'dark' })
    await page.goto(`${product.url}/d/tidewatch-alerts`)
    await page.locator('[data-line]').first().waitFor()
  }

  it('filters, goes through the list, opens details and marks an alert useful', async () => {
    await open()
    await tabTo(/^Critical 1$/)
    await press('Space')
    await expect.poll(lineCount).toBe(1)
    await press('Space')
    await expect.poll(lineCount).toBeGreaterThan(1)
    await tabTo(/^Criticaldatabase-down/)
    await press('ArrowDown')
    await expect.poll(focused).toMatch(/^Highcheckout-slow/)
    await press('Enter')
    await page.getByLabel('Details of checkout-slow').waitFor()
    await tabTo(/^Useful$/)
    await press('Enter')
    await expect.poll(() => page.getByRole('button', { name: 'Useful', exact: true }).getAttribute('aria-pressed')).toBe('true')
    await press('Escape')
    await expect.poll(() => page.getByLabel('Details of checkout-slow').count()).toBe(0)
    await expect.poll(focused).toMatch(/^Highcheckout-slow/)
  })

  it('acknowledges', async () => {
    await open()
    await focusLine('queue-long zone=asia')
    await press('a')
    await dialog().waitFor()
    await page.keyboard.type('On it.')
    expect(await complaints()).toEqual([])
    await tabTo(/^Acknowledge$/)
    await press('Enter')
    await page
      .getByText(/has it/)
      .first()
      .waitFor()
    await expect.poll(focused).toMatch(/^Warningqueue-long/)
  })

  it('silences, having seen what that does', async () => {
    await open()
    await focusLine('cache-cold zone=us')
    await press('s')
    await dialog().getByText('It covers 1 active alert').waitFor()
    await page.keyboard.type('The cache is being filled.')
    await shoot('silence')
    expect(await complaints()).toEqual([])
    await tabTo(/^Silence$/)
    await press('Enter')
    await page.getByRole('list', { name: 'Alerts' }).first().getByText('Silenced').waitFor()
  })

  it('silences a whole group from one of its alerts', async () => {
    await open()
    await tabTo(/^Text$/)
    await page.keyboard.type('queue-long')
    await expect.poll(lineCount).toBe(3)
    await tabTo(/^Warningqueue-long/)
    await press('Shift+S')
    await dialog().getByText('Silence 2 alerts').waitFor()
    await dialog().getByText('It covers 3 active alerts: queue-long').waitFor()
    await dialog().getByText('1 of them is outside the group.').waitFor()
    await shoot('silence-group')
    expect(await complaints()).toEqual([])
    await press('Escape')
    await expect.poll(() => dialog().count()).toBe(0)
    await expect.poll(focused).toMatch(/^Warningqueue-long/)
  })

  it('resolves, having confirmed it', async () => {
    await open()
    await focusLine('checkout-slow zone=us')
    await press('r')
    await dialog()
      .getByText(/Ends the alert now/)
      .waitFor()
    await page.keyboard.type('Rolled back.')
    await tabTo(/^Resolve$/)
    await press('Enter')
    await expect.poll(() => dialog().count()).toBe(0)
    const isOver = async () => {
      const answer = await fetch(`${product.url}/api/v1/alerts?past=true&state=resolved`)
      return ((await answer.json()) as { alerts: { rule: string }[] }).alerts.some(({ rule }) => rule === 'checkout-slow')
    }
    await expect.poll(isOver).toBe(true)
  })

  it('leaves a dialog as it found everything', async () => {
    await open()
    await focusLine('database-down')
    await press('r')
    await dialog().waitFor()
    await press('Escape')
    await expect.poll(() => dialog().count()).toBe(0)
    await expect.poll(focused).toMatch(/^Criticaldatabase-down/)
  })

  it('replays what other rules would have sent', async () => {
    await open()
    await tabTo(/^Replay$/)
    await press('Enter')
    await page.getByText('Nothing replayed yet').waitFor()
    await shoot('replay-idle')
    await tabTo(/Rules in force/)
    await press('ArrowRight')
    await tabTo(/^Rules as YAML/)
    await page.keyboard.type(
      'name: very-long\nsource: { measurement: shop, field: queue_long, group_by: [zone] }\naggregate: last\nwindow: 1h\n',
    )
    await page.keyboard.type('condition: { above: 1000 }\nannotations: { summary: "{{value}} orders wait in {{labels.zone}}" }\n')
    await tabTo(/^Replay$/)
    await press('Enter')
    await page.getByText(/messages? to 1 receiver about/).waitFor()
    await page.getByText(/Real incidents that would have been missed/).waitFor()
    await shoot('replay-report')
    expect(await complaints()).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 360, height: 1400 })
    await page.getByText(/messages? to 1 receiver about/).waitFor()
    await page.getByText(/messages? to 1 receiver about/).scrollIntoViewIfNeeded()
    await shoot('replay-narrow')
  })
})
