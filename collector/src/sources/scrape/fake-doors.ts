import { createFakeClock, type FakeClock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Point, SeriesName } from '../../model/point.ts'
import type { Page, PageRequest } from './get-page.ts'
import { type ScrapeOptions, scrapeOptions } from './options.ts'
import type { ScraperDoors } from './scraper.ts'

export type Answer = Page | Error | Promise<Page>

export const page = (text: string, contentType = 'text/plain'): Page => ({ status: 200, contentType, body: Buffer.from(text) })

export const optionsOf = (given: object = {}): ScrapeOptions => scrapeOptions.parse({ job: 'shop', targets: ['web-1:80'], ...given })

export type FakeScraperDoors = ScraperDoors & {
  readonly clock: FakeClock
  readonly asked: PageRequest[]
  readonly points: Point[]
  readonly ended: { measurement: string; tags: SeriesName['tags']; atMs: number }[]
  readonly warnings: string[]
  /** Values of the last points, by measurement. */
  last(): Record<string, unknown>
}

/** Doors whose target answers what `answers` holds, its last entry for ever. The reader knows lines such as `name value`. */
export function createFakeScraperDoors(answers: Answer[]): FakeScraperDoors {
  const clock = createFakeClock(0)
  const asked: PageRequest[] = []
  const points: Point[] = []
  const ended: FakeScraperDoors['ended'] = []
  const warnings: string[] = []
  const log: Log = {
    ...{ debug() {}, info() {}, error() {} },
    warn: (of: { problem?: string }) => void warnings.push(String(of.problem)),
  }
  return {
    ...{ clock, asked, points, ended, warnings, log },
    async getPage(request) {
      asked.push(request)
      const answer = await (answers.length > 1 ? answers.shift() : answers[0])
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no answer')
      return answer
    },
    readPage: readSimply,
    readFile: async (path) => `content of ${path}\n`,
    async push(pushed) {
      points.push(...pushed)
      return []
    },
    end: (series, atMs) => void ended.push(...series.map(({ measurement, tags }) => ({ measurement, tags, atMs }))),
    last: () => Object.fromEntries(points.slice(-20).map(({ measurement, fields }) => [measurement, fields.value])),
  }
}

function readSimply(body: Uint8Array): ReturnType<ScraperDoors['readPage']> {
  const lines = Buffer.from(body)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
  const points = lines.map((line): Point => {
    const [measurement = '', value, time, host] = line.split(' ')
    return {
      measurement,
      tags: host ? { host } : {},
      fields: { value: Number(value) },
      ...(time && time !== '-' && { timeNs: BigInt(time) }),
    }
  })
  return { points, weights: points.map(() => 1), samples: points.length, refused: [] }
}
