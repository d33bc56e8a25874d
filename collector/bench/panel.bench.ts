import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { alertConfiguration, makeMany, send } from '../../acceptance/alert-scene.ts'
import { type Product, startBrowser, startProduct } from '../../acceptance/product.ts'
import { printTable, showSpread, spreadOf, writeReport } from './report.ts'

const rounds = process.argv.includes('--quick') ? 5 : 15
const counts = [10, 1000, 5000]
const slow = Number(process.argv.find((option) => option.startsWith('--slow='))?.slice('--slow='.length) ?? 1)
const milliseconds = (ms: number) => `${ms.toFixed(0)} ms`

/** Runs in the page: how long from now until what is awaited has been painted. */
const untilRows = `(() => { const begin = performance.now(); globalThis.painted = new Promise((resolve) => {
  const look = () => document.querySelector('[data-line]') ? setTimeout(() => resolve(performance.now() - begin)) : requestAnimationFrame(look)
  requestAnimationFrame(look)
}) })()`
const untilTyped = `(() => { globalThis.painted = new Promise((resolve) => document.addEventListener('input', () => {
  const begin = performance.now()
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begin)))
}, { once: true, capture: true })) })()`
const painted = (page: Page) => page.evaluate<number>('globalThis.painted')
const follow = (path: string) =>
  `(() => { const link = document.createElement('a'); link.href = '${path}'; document.querySelector('main').appendChild(link); link.click() })()`

/** Counts the seconds of processor time that the page uses from now on. */
async function startMeter(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  }
}

async function openRounds(page: Page, product: Product): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round <= rounds; round++) {
    await page.goto(`${product.url}/d/tidewatch-deployments`)
    await wait(1500)
    await page.evaluate(untilRows)
    await page.evaluate(follow('/d/tidewatch-alerts'))
    times.push(await painted(page))
  }
  return times.slice(1)
}

async function typeRounds(page: Page): Promise<number[]> {
  const times: number[] = []
  await page.getByLabel('Text').first().focus()
  for (const key of 'host-49') {
    await page.evaluate(untilTyped)
    await page.keyboard.press(key)
    times.push(await painted(page))
    await wait(200)
  }
  await page.getByLabel('Text').first().fill('')
  return times
}

/** What one change of one alert costs the page, all its panels together. */
async function changeRounds(page: Page, product: Product): Promise<number> {
  await wait(1000)
  const used = await startMeter(page)
  const before = await used()
  for (let round = 0; round < rounds; round++) {
    await send(product, '/write?db=shop', `shop,service=svc-1,host=flip,zone=eu-1 database_down=${round % 2 === 0 ? 99 : 1}`)
    await wait(1000)
  }
  return ((await used()) - before) * (1000 / rounds)
}

async function measure(browser: Browser, count: number) {
  const product = await startProduct(alertConfiguration)
  try {
    await makeMany(product, count)
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    if (slow > 1) await (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: slow })
    const firstRows = spreadOf(await openRounds(page, product))
    const typing = spreadOf(await typeRounds(page))
    const changeMs = await changeRounds(page, product)
    await page.close()
    return { count, firstRows, typing, changeMs }
  } finally {
    await product.stop()
  }
}

const browser = await startBrowser()
const results = []
try {
  for (const count of counts) results.push(await measure(browser, count))
} finally {
  await browser.close()
}
printTable(
  `Alerts dashboard in Chromium${slow > 1 ? `, slowed ${slow} times` : ''}`,
  ['Active alerts', 'Opened to first rows', 'Key to painted list', 'A change, processor time of the page'],
  results.map(({ count, firstRows, typing, changeMs }) => [
    String(count),
    showSpread(firstRows, milliseconds),
    showSpread(typing, milliseconds),
    milliseconds(changeMs),
  ]),
)
writeReport('panel', { rounds, slow, results })
