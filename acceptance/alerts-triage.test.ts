import { existsSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alertConfiguration, alertsOf, makeMany, send } from './alert-scene.ts'
import { openWindow, type Product, startBrowser, startProduct } from './product.ts'

const count = 400
const listElement = `document.querySelector('ul[aria-label="Alerts"]').parentElement`
/** Evaluated in the page: what people see first of the list, and how far below its edge the focus is. */
const atTheTopOfTheList = `(() => { const { left, top } = ${listElement}.getBoundingClientRect(); return document.elementFromPoint(left + 20, top + 10).closest('li').textContent })()`
const focusBelowTheEdge = `document.activeElement.getBoundingClientRect().top - ${listElement}.getBoundingClientRect().top`
/** A quarter of the alerts is critical, and they lie in three zones. */
const criticalPerZone = Math.floor(count / 4 / 3)
const size = { width: 1440, height: 1000 }

describe.runIf(existsSync('/usr/bin/chromium'))('a storm of alerts', () => {
  let product: Product
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    product = await startProduct(alertConfiguration)
    await makeMany(product, count)
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await product?.stop()
  })

  async function open(address = `${product.url}/d/tidewatch-alerts`, viewport = size): Promise<void> {
    await page?.close()
    page = await openWindow(browser, { viewport, colorScheme: 'dark' })
    await page.goto(address)
    await lines().first().waitFor()
  }
  const list = () => page.getByRole('list', { name: 'Alerts' }).first()
  const lines = () => list().locator('[data-line]')
  const takeAll = (critical: number) => page.getByRole('button', { name: new RegExp(`^Acknowledge all ${critical} of Critical`) })
  const filterBy = (text: string) => page.getByLabel('Text').first().fill(text)
  /** The line at the upper edge of the list, and how far below it. */
  const seenFirst = () =>
    list().evaluate((element) => {
      const edge = element.parentElement?.getBoundingClientRect().top ?? 0
      const places = [...element.querySelectorAll('[data-line]')].map((line) => ({
        line: line.getAttribute('data-line'),
        below: Math.round(line.getBoundingClientRect().top - edge),
      }))
      return places.find(({ below }) => below >= 0)
    })

  it('keeps the place of who reads in the list while worse alerts arrive above', async () => {
    await open()
    await list().evaluate((element) => element.parentElement?.scrollTo({ top: 10_000 }))
    await page.getByText('checkout-slow').first().waitFor()
    const before = await seenFirst()
    await send(product, '/write?db=shop', 'shop,service=svc-1,host=new,zone=eu-9 database_down=50')
    await alertsOf(product, count + 1)
    await page.getByRole('button', { name: `Critical ${count / 4 + 1}` }).waitFor()
    await expect.poll(seenFirst).toEqual(before)
  })

  it('says above whatever is in view which group that is, and how many it has', async () => {
    await open()
    const atTheTop = () => page.evaluate<string>(atTheTopOfTheList)
    const scrollTo = (top: number) => list().evaluate((element, to) => element.parentElement?.scrollTo({ top: to }), top)
    await scrollTo(3000)
    await expect.poll(atTheTop).toMatch(/^Critical10\dAcknowledge all/)
    await scrollTo(10_000)
    await expect.poll(atTheTop).toMatch(/^High100Silence all 100/)
    await scrollTo(1e9)
    await expect.poll(atTheTop).toMatch(/^Info100Acknowledge all/)
    await lines().last().focus()
    for (let rows = 0; rows < 20; rows++) await page.keyboard.press('ArrowUp')
    expect(await page.evaluate<number>(focusBelowTheEdge)).toBeGreaterThanOrEqual(30)
  })

  it('begins at the worst when the filter changes', async () => {
    await open()
    await list().evaluate((element) => element.parentElement?.scrollTo({ top: 10_000 }))
    await page.getByText('checkout-slow').first().waitFor()
    await filterBy('zone=eu-1')
    await takeAll(criticalPerZone).waitFor()
    await expect.poll(() => lines().first().textContent()).toMatch(/^Critical/)
  })

  it('shows a colleague the same by its address', async () => {
    await open()
    await filterBy('host-96 ')
    await expect.poll(() => lines().count()).toBe(1)
    await lines().first().click()
    await expect.poll(() => page.url()).toMatch(/alerts-5-text=host-96.*alerts-5-open=/)
    await open(page.url())
    await page.getByLabel('Details of database-down').waitFor()
    await expect.poll(() => lines().count()).toBe(1)
  })

  it('is taken with one comment, as far as the filter shows it', async () => {
    await open()
    await filterBy('zone=eu-2')
    // Its number says that the list is filtered.
    await takeAll(criticalPerZone).click()
    await page
      .getByRole('dialog')
      .getByText(/^database-down \(\d+\)$/)
      .waitFor()
    await page.keyboard.type('The link to eu-2 is down.')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const alerts = (await alertsOf(product, count)) as readonly { rule: string; labels: Record<string, string>; acknowledgedBy?: string }[]
    const critical = alerts.filter(({ rule }) => rule === 'database-down')
    const taken = critical.filter(({ acknowledgedBy }) => acknowledgedBy)
    expect(taken.length).toBeGreaterThan(20)
    expect(taken).toEqual(critical.filter(({ labels }) => labels.zone === 'eu-2'))
  })

  it('is given back at once when it was taken by mistake', async () => {
    await open()
    await filterBy('database-down zone=eu-1')
    const taken = async () =>
      ((await alertsOf(product, count)) as readonly { acknowledgedBy?: string; labels: Record<string, string> }[]).filter(
        ({ acknowledgedBy, labels }) => acknowledgedBy && labels.zone === 'eu-1',
      ).length
    await page.getByRole('button', { name: /^Acknowledge all \d+ of Critical/ }).click()
    await page
      .getByRole('dialog')
      .getByLabel(/Comment/)
      .press('Enter')
    await page.getByText(/You have \d+ alerts/).waitFor()
    expect(await taken()).toBeGreaterThan(20)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText(/You have/).waitFor({ state: 'detached' })
    expect(await taken()).toBe(0)
  })

  it('is silenced from the heading of its group, by what its alerts share', async () => {
    await open()
    await filterBy('cache-cold zone=eu-1')
    await page.getByRole('button', { name: /^Silence all \d+ of Info/ }).click()
    const dialog = page.getByRole('dialog')
    const reach = await dialog.getByText(/^It covers \d+ active alerts: cache-cold/).textContent()
    await dialog.getByLabel('Use zone').press('Space')
    await dialog.getByText('It covers 100 active alerts: cache-cold').waitFor()
    await dialog.getByText(/of them are outside the group/).waitFor()
    await dialog.getByLabel('Use zone').press('Space')
    await dialog.getByText(reach ?? '').waitFor()
    await dialog.getByLabel(/Why/).fill('eu-1 moves.')
    await dialog.getByRole('button', { name: 'Silence', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^Silence all \d+ of Info/ }).waitFor({ state: 'detached' })
    const silences = (await (await fetch(`${product.url}/api/v1/silences`)).json()) as { silences: { matchers: string[] }[] }
    expect(silences.silences.map(({ matchers }) => matchers)).toEqual([['alertname="cache-cold"', 'severity="info"', 'zone="eu-1"']])
  })

  it('leads back from an alert to the list on a phone', async () => {
    await open(undefined, { width: 360, height: 740 })
    await lines().first().click()
    await page.getByLabel('Details of database-down').waitFor()
    await page.goBack()
    await expect.poll(() => page.getByLabel('Details of database-down').count()).toBe(0)
    expect(page.url()).toContain('/d/tidewatch-alerts')
  })
})
