import type { Clock } from '../../lib/clock.ts'
import { AppError, messageOf } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import { startTicker, type Ticker } from '../../lib/ticker.ts'
import { counted } from '../../lib/words.ts'
import type { Rejection } from '../../model/batch.ts'
import type { PagePoints, ReadPage } from '../../model/exposition.ts'
import type { Point, SeriesName, Tags } from '../../model/point.ts'
import type { GetPage, Page } from './get-page.ts'
import { createKnownSeries } from './known-series.ts'
import type { ScrapeOptions } from './options.ts'
import { createSelection, toTargetPoints } from './page-points.ts'
import type { Target } from './target.ts'

export type ScraperDoors = {
  readonly clock: Clock
  readonly log: Log
  readonly getPage: GetPage
  readonly readPage: ReadPage
  readonly readFile: (path: string) => Promise<string>
  readonly push: (points: readonly Point[]) => Promise<readonly Rejection[]>
  readonly end: (series: readonly SeriesName[], timeMs: number) => void
}

export type Scraper = { stop(): Promise<void> }

type Outcome = PagePoints & { readonly kept: number; readonly problem?: string }

const failed = (problem: string, samples = 0, kept = 0): Outcome => ({ points: [], weights: [], samples, refused: [], kept, problem })

const accepts = {
  openMetrics:
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  text: 'text/plain;version=0.0.4,*/*;q=0.1',
}

/** Scrapes one target at its place in every interval, until it is stopped: then all of its series end. */
export function startScraper(target: Target, options: ScrapeOptions, doors: ScraperDoors): Scraper {
  const { clock, log, push, end } = doors
  const known = createKnownSeries()
  const say = createNotice(log, target)
  const stopping = new AbortController()
  const fetchPage = createFetch(target, options, doors, stopping.signal)
  const isSelected = createSelection(options)
  let ticker: Ticker | undefined

  async function scrape(dueMs: number): Promise<void> {
    const startedMs = clock.monotonic()
    const outcome = await attempt()
    const seconds = (clock.monotonic() - startedMs) / 1000
    if (stopping.signal.aborted) return
    const points = toTargetPoints(outcome.points, target.labels, options)
    const { added, ended } = known.replace(points, outcome.weights)
    const own = ownPoints(target.labels, outcome, { seconds, added })
    const timeNs = BigInt(dueMs) * 1_000_000n
    const stamped = [...points, ...own].map((point) => (point.timeNs === undefined ? { ...point, timeNs } : point))
    try {
      const rejected = await push(stamped)
      const reasons = [...outcome.refused, ...rejected.map(({ line, reason }) => `${stamped[line - 1]?.measurement}: ${reason}`)]
      say(
        outcome.problem ??
          (reasons.length > 0 ? `${counted(reasons.length, 'sample')} cannot be kept, the first: ${reasons[0]}` : undefined),
      )
    } catch (thrown) {
      say(`a page was not stored: ${messageOf(thrown)}`)
    }
    if (ended.length > 0) end(ended, dueMs)
  }

  async function attempt(): Promise<Outcome> {
    try {
      const page = await fetchPage()
      const chosen = isSelected(page)
      if (chosen.kept <= options.samplesMax) return chosen
      return failed(
        `the page has ${chosen.kept} samples, at most ${options.samplesMax} are taken; raise samplesMax or drop some`,
        page.samples,
        chosen.kept,
      )
    } catch (thrown) {
      return failed(messageOf(thrown))
    }
  }

  ticker = startTicker(clock, options.interval, scrape, target.offsetMs)
  return {
    async stop() {
      stopping.abort()
      await ticker?.stop()
      const own = ownPoints(target.labels, failed(''), { seconds: 0, added: 0 })
      end([...known.clear(), ...own], clock.now())
    },
  }
}

/** What Prometheus stores of every scrape, under its names. */
function ownPoints(tags: Tags, { problem, samples, kept }: Outcome, { seconds, added }: { seconds: number; added: number }): Point[] {
  const values = {
    up: problem === undefined ? 1 : 0,
    scrape_duration_seconds: seconds,
    scrape_samples_scraped: samples,
    scrape_samples_post_metric_relabeling: kept,
    scrape_series_added: added,
  }
  return Object.entries(values).map(([measurement, value]) => ({ measurement, tags, fields: { value } }))
}

/** Says what is wrong with a target when it changes, not at every scrape. */
function createNotice(log: Log, { url, labels }: Target): (problem: string | undefined) => void {
  let last: string | undefined
  const of = { job: labels.job, target: `${url.origin}${url.pathname}` }
  return (problem) => {
    if (problem === last) return
    if (problem === undefined) log.info(of, 'scrape source: the target is well again')
    else log.warn({ ...of, problem }, 'scrape source: a target is not well')
    last = problem
  }
}

/** Asks for OpenMetrics, and for text from a target whose OpenMetrics breaks the rules. */
function createFetch(target: Target, options: ScrapeOptions, doors: ScraperDoors, signal: AbortSignal): () => Promise<PagePoints> {
  let accept = accepts.openMetrics

  async function get(timeoutMs: number): Promise<Page> {
    const page = await doors.getPage({
      url: target.url,
      headers: await headersOf(options, accept, doors.readFile),
      timeoutMs,
      signal,
      bytesMax: options.bodyBytesMax,
      tls: tlsOf(options),
    })
    if (page.status !== 200) throw new Error(`the target answered ${page.status}`)
    return page
  }

  return async () => {
    const startedMs = doors.clock.monotonic()
    const page = await get(options.timeout)
    try {
      return doors.readPage(page.body, page.contentType)
    } catch (thrown) {
      const isOpenMetrics = thrown instanceof AppError && page.contentType.startsWith('application/openmetrics-text')
      if (!isOpenMetrics || accept === accepts.text) throw thrown
      doors.log.warn({ target: target.url.href, problem: messageOf(thrown) }, 'scrape source: not OpenMetrics; asking for text from now on')
      accept = accepts.text
      const text = await get(Math.max(1, options.timeout - (doors.clock.monotonic() - startedMs)))
      return doors.readPage(text.body, text.contentType)
    }
  }
}

async function headersOf(options: ScrapeOptions, accept: string, readFile: ScraperDoors['readFile']): Promise<Record<string, string>> {
  const { username, password, passwordFile, token, tokenFile, timeout } = options
  const secret = async (text: string | undefined, file: string | undefined) => (file === undefined ? text : (await readFile(file)).trim())
  const bearer = await secret(token, tokenFile)
  const basic = username === undefined ? undefined : `${username}:${(await secret(password, passwordFile)) ?? ''}`
  return {
    accept,
    'accept-encoding': 'gzip',
    'user-agent': 'Tidewatch',
    'x-prometheus-scrape-timeout-seconds': String(timeout / 1000),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    ...(basic !== undefined && { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
  }
}

function tlsOf({ ca, cert, key, serverName, insecureSkipVerify }: ScrapeOptions) {
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { servername: serverName }),
    rejectUnauthorized: !insecureSkipVerify,
  }
}
