import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { createFakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { SourceDoors } from '../../model/kinds.ts'
import type { Point, SeriesName } from '../../model/point.ts'
import { createFakeScraperDoors } from './fake-doors.ts'
import { scrape } from './scrape.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(text: string): Promise<string> {
  const server = createServer((_, answer) => answer.end(text))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A source on a fake clock; `next` resolves with the points of the next scrape. */
function setup(options: object, doors: Partial<SourceDoors> = {}) {
  const clock = createFakeClock(0)
  const waiting: ((points: readonly Point[]) => void)[] = []
  const ended: SeriesName[] = []
  const source = scrape.create(scrape.schema.parse({ job: 'shop', ...options }), {
    ...{ clock, log: silentLog, fetch, hostname: 'h', ownStats: () => ({}), statfs: () => Promise.reject(new Error('not read')) },
    push: async (points) => {
      waiting.shift()?.(points)
      return []
    },
    end: (series) => void ended.push(...series),
    readPage: createFakeScraperDoors([]).readPage,
    readFile: (path) => readFile(path, 'utf8'),
    listFiles: async (pattern) => [pattern],
    ...doors,
  })
  closing.push(() => void source.stop())
  const next = () => new Promise<readonly Point[]>((resolve) => waiting.push(resolve))
  return { source, clock, next, ended }
}

it('scrapes a target over HTTP', async () => {
  const address = await serve('load 3\n')
  const { source, clock, next } = setup({ targets: [address] })
  source.start()
  const points = next()
  await clock.advance(15_000)
  expect(await points).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ measurement: 'load', tags: { job: 'shop', instance: address }, fields: { value: 3 } }),
      expect.objectContaining({ measurement: 'up', fields: { value: 1 } }),
    ]),
  )
})

it('follows a file of targets as it changes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewatch-'))
  closing.push(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'targets.yaml')
  const [first, second] = [await serve('load 1\n'), await serve('load 2\n')]
  let read = () => {}
  const { source, clock, next, ended } = setup(
    { files: [file], filesInterval: '15s' },
    { readFile: (path) => readFile(path, 'utf8').finally(() => setImmediate(() => read())) },
  )
  const lookedAt = () => new Promise<void>((resolve) => (read = resolve))

  writeFileSync(file, `- targets: ['${first}']\n  labels: {team: a}\n`)
  const firstLook = lookedAt()
  source.start()
  await firstLook
  const before = next()
  await clock.advance(14_999)
  expect((await before)[0]).toMatchObject({ tags: { job: 'shop', instance: first, team: 'a' }, fields: { value: 1 } })

  writeFileSync(file, `- targets: ['${second}']\n`)
  const secondLook = lookedAt()
  await clock.advance(1)
  await secondLook
  const after = next()
  await clock.advance(15_000)
  expect((await after)[0]).toMatchObject({ tags: { job: 'shop', instance: second }, fields: { value: 2 } })
  expect(ended.map(({ measurement, tags }) => [measurement, tags.team])).toContainEqual(['load', 'a'])
})
