import { expect, test } from 'vitest'
import { ruleSchema } from '../../alerts/rules/definition/rule-schema.ts'
import { createRuleScenario } from '../../alerts/rules/evaluation/rule-scenario.ts'
import { createFakePast } from '../../alerts/rules/samples/fake-past.ts'
import { type PresetName, presets } from './index.ts'

const all = Object.entries(presets)

test('every preset is valid, and no two rules have one name', () => {
  const names = all.flatMap(([, rules]) => rules.map((rule) => ruleSchema.parse(rule).name))
  expect(new Set(names).size).toBe(names.length)
})

const api = { service: 'api', environment: 'production' }
const host = { host: 'a', cpu: 'cpu-total', shop: 'main', provider: 'mailer', ...api }
const tagsOf = (name: string) => (name.startsWith('http_server') ? api : host)

/** What a rule says after ten minutes of these values. */
async function after(preset: PresetName, rule: string, values: Readonly<Record<string, number>>) {
  const input = presets[preset].find(({ name }) => name === rule)
  if (!input) throw new Error(`${preset} has no rule ${rule}`)
  const scenario = createRuleScenario([input])
  for (let passed = 0; passed <= 660; passed += 10) {
    for (const [name, value] of Object.entries(values)) scenario.push(value, tagsOf(name), name)
    await scenario.clock.advance(10_000)
  }
  return scenario.instances().map(({ state, severity }) => `${state} ${severity}`)
}

const calls = (measurement: string, count: number, failed: number) => ({
  [`${measurement}.count`]: count,
  [`${measurement}.failed`]: failed,
})

const requests = (count: number, sum_ms: number, error_count: number) => ({
  'http_server.count': count,
  'http_server.sum_ms': sum_ms,
  'http_server.error_count': error_count,
})

/** The thresholds that teams brought with them, each just below and just above. */
test.each([
  ['web', 'web-slow', requests(10, 9_900, 0), requests(10, 10_100, 0), 'firing warning'],
  ['web', 'web-errors', requests(100, 0, 5), requests(100, 0, 6), 'firing high'],
  ['platform', 'platform-cpu', { 'cpu.usage_idle': 11 }, { 'cpu.usage_idle': 9 }, 'firing warning'],
  ['platform', 'platform-memory', { 'mem.available_percent': 6 }, { 'mem.available_percent': 4 }, 'firing critical'],
  ['platform', 'platform-slow', requests(10, 19_900, 0), requests(10, 20_100, 0), 'firing warning'],
  ['platform', 'platform-errors', requests(100, 0, 5), requests(100, 0, 6), 'firing critical'],
  ['deploy-watch', 'deploy-watch-memory', { 'mem.available_percent': 21 }, { 'mem.available_percent': 19 }, 'firing warning'],
  ['deploy-watch', 'deploy-watch-slow', requests(10, 49_900, 0), requests(10, 50_100, 0), 'firing high'],
  ['deploy-watch', 'deploy-watch-errors', requests(100, 0, 10), requests(100, 0, 11), 'firing critical'],
  ['small-service', 'small-service-cpu', { 'cpu.usage_idle': 21 }, { 'cpu.usage_idle': 19 }, 'firing warning'],
  ['small-service', 'small-service-memory', { 'mem.available_percent': 16 }, { 'mem.available_percent': 14 }, 'firing warning'],
  ['small-service', 'small-service-disk', { 'disk.used_percent': 90 }, { 'disk.used_percent': 91 }, 'firing high'],
  ['small-service', 'small-service-slow', requests(10, 9_900, 0), requests(10, 10_100, 0), 'firing warning'],
  ['small-service', 'small-service-errors', requests(100, 0, 5), requests(100, 0, 6), 'firing high'],
  ['database', 'database-unreachable', { 'database.connection_errors': 0 }, { 'database.connection_errors': 1 }, 'firing critical'],
  ['business', 'orders-failing', calls('orders', 100, 5), calls('orders', 100, 6), 'firing high'],
  ['business', 'payments-failing', calls('payments', 100, 5), calls('payments', 100, 6), 'firing critical'],
  // A sample every ten seconds, and the first and the last second of the window count: 31 samples.
  ['security', 'failed-logins', { 'security.failed_logins': 20 / 31 }, { 'security.failed_logins': 21 / 31 }, 'firing critical'],
  ['security', 'threat-detected', { 'security.threats': 0 }, { 'security.threats': 1 }, 'firing critical'],
  ['integrations', 'integration-failing', calls('integrations', 100, 20), calls('integrations', 100, 21), 'firing warning'],
] as const)('%s: %s is calm at its limit and fires above it', async (preset, rule, below, above, expected) => {
  expect(await after(preset, rule, below)).toEqual([expect.stringMatching(/^ok /)])
  expect(await after(preset, rule, above)).toEqual([expected])
})

test.each([
  [71, 'ok'],
  [69, 'firing'],
])('business: revenue at %i %% of the same hour last week is %s', async (percent, expected) => {
  const rules = presets.business.filter(({ name }) => name === 'revenue-fell')
  const tags = { shop: 'main' }
  // A sample every ten seconds makes 361 in an hour; until an hour is known nothing is compared.
  const scenario = createRuleScenario(rules, { store: createFakePast([tags], () => 36_100), isKnown: false })
  await scenario.hold(percent, 4300, tags, 'revenue.amount')
  expect(scenario.instances().map(({ state }) => state)).toEqual([expected])
})

test.each([
  ['web', 'web-slow', '15m'],
  ['platform', 'platform-memory', '5m'],
  ['database', 'database-unreachable', '5m'],
  ['security', 'failed-logins', '1m'],
  ['integrations', 'integration-failing', '10m'],
  ['business', 'orders-failing', '30m'],
  ['business', 'payments-failing', '5m'],
  ['components', 'component-down', undefined],
] as const)('%s: another episode of %s is kept back for %s', (preset, rule, cooldown) => {
  expect(presets[preset].find(({ name }) => name === rule)?.cooldown).toBe(cooldown)
})
