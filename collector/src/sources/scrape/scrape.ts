import { messageOf } from '../../lib/errors.ts'
import { startTicker, type Ticker } from '../../lib/ticker.ts'
import { defineSource } from '../../model/kinds.ts'
import { createDiscovery } from './discover.ts'
import { createGetPage } from './get-page.ts'
import { scrapeOptions } from './options.ts'
import { type Scraper, type ScraperDoors, startScraper } from './scraper.ts'
import { type Target, type TargetGroup, toTarget } from './target.ts'

const targetsMax = 10_000

/**
 * Pages of metrics in Prometheus's formats, fetched at every interval, with Prometheus's own metrics
 * about it: `up`, `scrape_duration_seconds` and so on.
 */
export const scrape = defineSource({
  type: 'scrape',
  schema: scrapeOptions,
  create: (options, { clock, log, push, end, readPage, readFile, listFiles }) => {
    const doors: ScraperDoors = { clock, log, push, end, readPage, readFile, getPage: createGetPage(clock) }
    const running = new Map<string, Scraper>()
    const discover = createDiscovery(options.files ?? [], { readFile, listFiles, log })
    const said = new Set<string>()
    let ticker: Ticker | undefined

    function toTargets(groups: readonly TargetGroup[]): Map<string, Target> {
      const targets = new Map<string, Target>()
      for (const { targets: addresses, labels } of groups) {
        for (const address of addresses) {
          const target = toTarget(address, labels, options)
          if (typeof target === 'string') sayOnce(target)
          else if (targets.size < targetsMax || targets.has(target.key)) targets.set(target.key, target)
          else sayOnce(`there are more than ${targetsMax} targets; the others are not scraped`)
        }
      }
      return targets
    }

    function sayOnce(problem: string): void {
      if (said.has(problem)) return
      said.add(problem)
      log.warn({ job: options.job, problem }, 'scrape source: a target is left out')
    }

    async function look(): Promise<void> {
      try {
        const targets = toTargets([{ targets: options.targets ?? [], labels: {} }, ...(await discover())])
        const gone = [...running].filter(([key]) => !targets.has(key))
        for (const [key] of gone) running.delete(key)
        for (const [key, target] of targets) if (!running.has(key)) running.set(key, startScraper(target, options, doors))
        await Promise.all(gone.map(([, scraper]) => scraper.stop()))
      } catch (thrown) {
        log.warn({ job: options.job, problem: messageOf(thrown) }, 'scrape source: files of targets cannot be listed; the targets stay')
      }
    }

    return {
      start() {
        ticker = startTicker(clock, options.filesInterval, look)
      },
      async stop() {
        await ticker?.stop()
        await Promise.all([...running.values()].map((scraper) => scraper.stop()))
      },
    }
  },
})
