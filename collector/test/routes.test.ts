import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { routeSchema } from '../src/alerts/routing/tree/route.ts'
import { tryRoutes } from '../src/alerts/routing/trial/trial.ts'
import { newFolder, type Running, runCommand, startCollector } from './collector.ts'

const yaml = `
presets: []
sources: []
receivers: [{ name: ops, type: log }, { name: shop, type: log }]
rules:
  - name: Slow
    source: { measurement: http, field: ms, group_by: [service] }
    condition: { above: 90 }
    severity: high
    labels: { team: shop }
route:
  receiver: ops
  routes:
    - { matchers: ['team="shop"'], receiver: shop, group_by: [service] }
`
let collector: Running
beforeAll(async () => {
  collector = await startCollector({ yaml })
})
afterAll(() => collector.stop())

const routes = (...args: string[]) => runCommand(['routes', ...args, '--config', collector.file])

describe('tidewatch routes', () => {
  test('shows the tree, and what each route inherits', async () => {
    const { out } = await routes()
    expect(out).toContain(': 2 routes, 2 receivers\n\neverything → ops\ngroup_by [alertname], group_wait 30s')
    expect(out).toContain(
      '└─ team="shop" → shop\n   group_by [service]\n   inherited: group_wait 30s, group_interval 5m, repeat_interval 4h\n',
    )
    expect(JSON.parse((await routes('show', '--format', 'json')).out)).toMatchObject({
      route: { routes: [{ receivers: ['shop'] }] },
      advice: [],
    })
  })

  test('says whom the labels of an alert lead to, and ends with 1 when others were expected', async () => {
    const told = await routes('test', 'severity=high', 'team=shop', '--at', '2026-11-22T03:00Z', '--expect', 'shop')
    expect([told.code, told.out]).toEqual([0, expect.stringMatching(/\nTold: shop\n[\s\S]*\nAs expected\.\n$/)])
    const other = await routes('test', 'severity=high', '--expect', 'ops, shop')
    expect([other.code, other.out]).toEqual([1, expect.stringMatching(/\nTold: ops\n[\s\S]*\nExpected were: ops, shop\n$/)])
  })

  test('takes the labels of a rule', async () => {
    const { code, out } = await routes('test', '--rule', 'Slow', 'service=api', '--at', '2026-11-22T03:00Z', '--format', 'json')
    expect([code, JSON.parse(out)]).toEqual([
      0,
      expect.objectContaining({
        labels: { alertname: 'Slow', service: 'api', severity: 'high', team: 'shop' },
        receivers: ['shop'],
        told: [expect.objectContaining({ firstToldAt: '2026-11-22T03:00:30.000Z', groupLabels: { service: 'api' }, mute: null })],
        advice: [],
      }),
    ])
    expect((await routes('test', '--rule', 'Slow', 'team=x')).out).toContain('team=x: the rule sets team itself, to "shop"')
    expect((await routes('test', '--rule', 'Slow')).out).toContain('service is not given, and every alert of Slow has one: add service=…')
  })

  test('asks a running collector for its silences', async () => {
    const silence = ['silence', 'add', 'team="shop"', '--for', '1h', '--comment', 'moving', '--url', collector.url]
    const [, id = ''] = /^Silence (\S+) is/m.exec((await runCommand(silence)).out) ?? []
    expect(id).not.toBe('')
    expect((await routes('test', 'team=shop', '--silences', '--url', collector.url)).out).toContain(`silence ${id} covers it`)
    expect((await routes('test', 'team=other', '--silences', '--url', collector.url)).out).not.toContain(id)
  })

  test.each([
    [['severity'], '"severity" is no label'],
    [['severity!=high'], '"severity!=high" is a matcher'],
    [['severity=~high'], '"severity=~high" is a matcher'],
    [['a=b', '--at', 'noon'], '--at noon is no time'],
    [['a=b', '--rule', 'Slwo'], 'There is no rule "Slwo", did you mean "Slow"?'],
    [['a=b', '--expect', 'shpo'], 'there is no receiver "shpo", did you mean "shop"?'],
    [['--exepct', 'shop'], "unknown option '--exepct'"],
  ])('ends with 2 for %s', async (args, expected) => {
    const { code, errors } = await routes('test', ...args)
    expect([code, errors]).toEqual([2, expect.stringContaining(expected)])
  })
})

const amtool = '/usr/bin/amtool'
const matcher = fc
  .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('=', '!=', '=~', '!~'), fc.constantFrom('1', '2', '1|2', '.+', '[23]?', ''))
  .map(([label, operator, value]) => `${label}${operator}"${value}"`)
const nodeOf = (deeper: number): fc.Arbitrary<object> =>
  fc.record({
    matchers: fc.array(matcher, { minLength: 1, maxLength: 2 }),
    continue: fc.boolean(),
    routes: deeper === 0 ? fc.constant([]) : fc.array(nodeOf(deeper - 1), { maxLength: 3 }),
  })
/** Empty: the alert is without it. */
const label = fc.constantFrom('', '1', '2', '3', '12')

type Node = { receiver?: string; routes: Node[] }

/** Each route has a receiver of its own, so that the receivers say which routes were taken. */
function named(routes: Node[], names: string[]): Node[] {
  return routes.map((route) => {
    const receiver = `r${names.push('') - 1}`
    names[names.length - 1] = receiver
    return { ...route, receiver, routes: named(route.routes, names) }
  })
}

describe.skipIf(!existsSync(amtool))('beside amtool config routes test', () => {
  test('random trees lead random labels to the same receivers, in the same order', () => {
    const file = join(newFolder(), 'alertmanager.yml')
    const tree = fc.array(nodeOf(2), { minLength: 1, maxLength: 4 })
    const labels = fc.record({ a: label, b: label, c: label })
    const cases = fc.sample(fc.tuple(tree, fc.array(labels, { minLength: 4, maxLength: 4 })), { numRuns: 40, seed: 7 })
    let below = 0
    for (const [routes, sets] of cases) {
      const names = ['root']
      const route = { receiver: 'root', routes: named(routes as Node[], names) }
      writeFileSync(file, stringify({ route, receivers: names.map((name) => ({ name })) }))
      const settings = { route: routeSchema.parse(route), inhibitRules: [], timeIntervals: [], escalations: [] }
      for (const set of sets) {
        const given = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== ''))
        const args = Object.entries(given).map(([name, value]) => `${name}=${value}`)
        const theirs = execFileSync(amtool, ['config', 'routes', 'test', `--config.file=${file}`, ...args], {
          encoding: 'utf8',
          stdio: 'pipe',
        })
        const ours = tryRoutes(settings, given, 0).receivers.join()
        expect(ours, `${args.join(' ')} in ${JSON.stringify(route)}`).toBe(theirs.trim())
        if (ours !== 'root') below += 1
      }
    }
    // Most go somewhere, or nothing was compared.
    expect(below).toBeGreaterThan(80)
  })
})
