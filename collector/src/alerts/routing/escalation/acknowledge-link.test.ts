import { expect, test } from 'vitest'
import { createFakeClock } from '../../../lib/clock.ts'
import { createAcknowledgeLinks } from './acknowledge-link.ts'

const create = (key = 'k') => {
  const clock = createFakeClock()
  const options = { key: Buffer.from(key), clock, externalUrl: 'https://tidewatch.example.org/', lifetimeMs: 3_600_000 }
  return { clock, links: createAcknowledgeLinks(options) }
}
const tokenOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1)

test('a link is good for its group until it expires', async () => {
  const { clock, links } = create()
  const url = links.urlFor('0123456789abcdef', clock.now())
  expect(url).toMatch(/^https:\/\/tidewatch\.example\.org\/ack\/0123456789abcdef\./)
  expect(links.check(tokenOf(url))).toEqual({ ok: true, groupKey: '0123456789abcdef' })
  await clock.advance(3_600_000)
  expect(links.check(tokenOf(url))).toEqual({ ok: false, reason: 'expired' })
})

test('a link for another group, a later end or of another key is forged', () => {
  const { links } = create()
  const [group, expires, signature] = tokenOf(links.urlFor('a', Date.UTC(2026, 0, 1))).split('.')
  expect(links.check(`b.${expires}.${signature}`)).toEqual({ ok: false, reason: 'forged' })
  expect(links.check(`${group}.zzzzzzz.${signature}`)).toEqual({ ok: false, reason: 'forged' })
  expect(links.check(tokenOf(create('other').links.urlFor('a', Date.UTC(2026, 0, 1))))).toEqual({ ok: false, reason: 'forged' })
  expect(links.check('nonsense')).toEqual({ ok: false, reason: 'forged' })
})
