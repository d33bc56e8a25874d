import { describe, expect, it } from 'vitest'
import { AppError } from '../../lib/errors.ts'
import { type Answer, createFakeScraperDoors, optionsOf, page } from './fake-doors.ts'
import { startScraper } from './scraper.ts'
import { type Target, toTarget } from './target.ts'

function scrapeWith(answers: Answer[], given: object = {}) {
  const options = optionsOf({ interval: '10s', timeout: '5s', ...given })
  const doors = createFakeScraperDoors(answers)
  const target = { ...(toTarget('web-1:80', {}, options) as Target), offsetMs: 3000 }
  return { ...doors, doors, scraper: startScraper(target, options, doors) }
}

const own = { job: 'shop', instance: 'web-1:80' }

describe('a scrape', () => {
  it('comes at its place in every interval, and its samples have that time', async () => {
    const { clock, points, asked } = scrapeWith([page('load 1')])
    await clock.advance(2999)
    expect(asked).toHaveLength(0)
    await clock.advance(10_001)
    expect(asked).toHaveLength(2)
    const load = points.filter(({ measurement }) => measurement === 'load')
    expect(load).toEqual(
      [3, 13].map((second) => ({ measurement: 'load', tags: own, fields: { value: 1 }, timeNs: BigInt(second) * 1_000_000_000n })),
    )
  })

  it("stores Prometheus's own metrics about it", async () => {
    const { clock, last } = scrapeWith([page('a 1\nb 2'), page('a 1\nc 2\nd 3')])
    await clock.advance(3000)
    const first = {
      up: 1,
      scrape_duration_seconds: 0,
      scrape_samples_scraped: 2,
      scrape_samples_post_metric_relabeling: 2,
      scrape_series_added: 2,
    }
    expect(last()).toMatchObject(first)
    await clock.advance(10_000)
    expect(last()).toMatchObject({ up: 1, scrape_samples_scraped: 3, scrape_series_added: 2 })
  })

  it('tells the target what it takes and how long it waits', async () => {
    const { clock, asked } = scrapeWith([page('')])
    await clock.advance(3000)
    expect(asked[0]?.headers).toMatchObject({
      accept: expect.stringMatching(/^application\/openmetrics-text;version=1\.0\.0/),
      'accept-encoding': 'gzip',
      'x-prometheus-scrape-timeout-seconds': '5',
    })
    expect(asked[0]).toMatchObject({ timeoutMs: 5000, bytesMax: 10_000_000 })
  })

  it('never begins while the last one is under way', async () => {
    let answer = (_: Answer) => {}
    const slow = new Promise<never>((resolve) => {
      answer = resolve as never
    })
    const { clock, asked } = scrapeWith([slow, page('')])
    await clock.advance(35_000)
    expect(asked).toHaveLength(1)
    answer(page(''))
    await clock.advance(10_000)
    expect(asked).toHaveLength(2)
  })
})

describe('a target that fails', () => {
  it.each<[string, Answer, object]>([
    ['does not answer', new Error('connect ECONNREFUSED'), {}],
    ['answers with an error', { status: 500, contentType: 'text/plain', body: new Uint8Array() }, {}],
    ['shows too many samples', page('a 1\nb 2\nc 3'), { samplesMax: 2 }],
  ])('is down and loses its series when it %s', async (_, answer, given) => {
    const { clock, last, ended, warnings } = scrapeWith([page('a 1'), answer], given)
    await clock.advance(13_000)
    expect(last().up).toBe(0)
    expect(ended).toEqual([{ measurement: 'a', tags: own, atMs: 13_000 }])
    expect(warnings).toHaveLength(1)
    await clock.advance(20_000)
    expect(warnings).toHaveLength(1)
  })

  it('counts what a page over the limit had', async () => {
    const { clock, last } = scrapeWith([page('a 1\nb 2\nc 3')], { samplesMax: 2 })
    await clock.advance(3000)
    expect(last()).toMatchObject({ up: 0, scrape_samples_scraped: 3, scrape_samples_post_metric_relabeling: 3, scrape_series_added: 0 })
  })

  it('is asked for text at once when its OpenMetrics breaks the rules, and from then on', async () => {
    const { doors, clock, asked, last } = scrapeWith([page('bad', 'application/openmetrics-text'), page('a 1')])
    const { readPage } = doors
    Object.assign(doors, {
      readPage: (body: Uint8Array, type: string) => {
        if (type.startsWith('application/')) throw new AppError('INGEST_LINE_INVALID', 'line 1: no')
        return readPage(body, type)
      },
    })
    await clock.advance(13_000)
    expect(asked.map(({ headers }) => headers.accept?.slice(0, 10))).toEqual(['applicatio', 'text/plain', 'text/plain'])
    expect(last()).toMatchObject({ a: 1, up: 1 })
  })
})

describe('series', () => {
  it('end when the page no longer shows them, but not those that bring their own times', async () => {
    const { clock, ended } = scrapeWith([page('a 1\nb 2\nold 3 1000'), page('b 2')])
    await clock.advance(13_000)
    expect(ended).toEqual([{ measurement: 'a', tags: own, atMs: 13_000 }])
  })

  it('all end when the target is taken away, with those about it', async () => {
    const { clock, ended, scraper } = scrapeWith([page('a 1')])
    await clock.advance(3000)
    await scraper.stop()
    expect(ended.map(({ measurement }) => measurement)).toEqual([
      'a',
      'up',
      'scrape_duration_seconds',
      'scrape_samples_scraped',
      'scrape_samples_post_metric_relabeling',
      'scrape_series_added',
    ])
  })

  it('keep their times, or take that of the scrape', async () => {
    const times = async (given: object) => {
      const { clock, points } = scrapeWith([page('a 1 77')], given)
      await clock.advance(3000)
      return points[0]?.timeNs
    }
    expect([await times({}), await times({ honorTimestamps: false })]).toEqual([77n, 3_000_000_000n])
  })
})

describe('secrets', () => {
  it.each([
    [{ token: 'abc' }, 'Bearer abc'],
    [{ tokenFile: '/run/token' }, 'Bearer content of /run/token'],
    [{ username: 'u', password: 'p' }, `Basic ${btoa('u:p')}`],
    [{ username: 'u', passwordFile: '/f' }, `Basic ${btoa('u:content of /f')}`],
  ])('%j are sent', async (given, authorization) => {
    const { clock, asked } = scrapeWith([page('')], given)
    await clock.advance(3000)
    expect(asked[0]?.headers.authorization).toBe(authorization)
  })
})
