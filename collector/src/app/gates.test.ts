import { beforeEach, describe, expect, test } from 'vitest'
import type { RuleInput } from '../alerts/rules/definition/rule-schema.ts'
import { createFakePast } from '../alerts/rules/samples/fake-past.ts'
import { createScenario, minute, second } from '../alerts/scenario.ts'
import { createDeployments } from '../deployments/engine.ts'
import { createGates } from '../deployments/gate/engine.ts'
import type { GateOrder } from '../deployments/gates.ts'
import { silentLog } from '../lib/log.ts'
import type { Gate } from '../model/gate.ts'
import { createAlertRecords } from '../state/alert-records.ts'
import { createAuditLog } from '../state/audit-log.ts'
import type { Database } from '../state/database.ts'
import { createDeploymentRecords } from '../state/deployment-records.ts'
import { createGateRecords } from '../state/gate-records.ts'
import { createNotificationRecords } from '../state/notification-records.ts'
import { createSilenceRecords } from '../state/silence-records.ts'
import { openState } from '../state/state.ts'

const errors: RuleInput = {
  ...{
    name: 'Errors',
    kind: 'ratio',
    source: { measurement: 'http', field: 'errors', group_by: ['service'] },
    over: { field: 'requests' },
  },
  ...{ condition: { above: 0.05 }, min_samples: 20, severity: 'critical' },
}
const slow: RuleInput = { name: 'Slow', source: { measurement: 'http', field: 'ms', group_by: ['service'] }, condition: { above: 500 } }
const regressed: RuleInput = {
  ...{ name: 'Regressed', kind: 'deployment', source: { measurement: 'http', field: 'ms', group_by: ['service'] } },
  ...{ window: '2m', condition: { above: 50 } },
}
const gate: Gate = {
  ...{ name: 'production', rules: ['Errors', 'Slow', 'Both'].map((rule) => ({ rule, dryRun: false })), matchers: [], labels: {} },
  ...{ watchMs: 0, onInconclusive: 'wait', onMuted: 'judge', dryRun: false },
}
const both: RuleInput = { name: 'Both', kind: 'composite', expression: { and: ['Errors', 'Slow'] } }
const shop = { service: 'shop' }

let db: Database

beforeEach(() => {
  db = openState({ path: ':memory:', log: silentLog }).db
})

/** The engine that alerts and the gates, wired as the collector wires them. */
async function start(rules: readonly RuleInput[] = [errors, slow, both], measuredBefore?: number) {
  const deployed: { deployments?: ReturnType<typeof createDeployments> } = {}
  const past = createFakePast([shop], () => measuredBefore ?? null)
  const scenario = createScenario({
    rules,
    records: {
      ...{ alerts: createAlertRecords(db), notifications: createNotificationRecords(db) },
      ...{ audit: createAuditLog(db), silences: createSilenceRecords(db) },
    },
    route: { receiver: 'ops', group_by: ['alertname', 'service'], group_wait: '0s' },
    ...(measuredBefore !== undefined && { store: Object.assign(past, { fields: async () => [] }) }),
    lastChange: (service, environment, atMs) => deployed.deployments?.lastOf(service, environment, atMs),
  })
  const { clock } = scenario
  const emit = () => {}
  const deployments = createDeployments({ records: createDeploymentRecords(db), clock, emit, push: async () => {}, log: silentLog })
  deployed.deployments = deployments
  const gates = createGates({
    judged: scenario.alerts(),
    gates: () => [gate],
    deployment: deployments.get,
    ...{ records: createGateRecords(db), audit: createAuditLog(db), clock, log: silentLog, emit },
  })
  await scenario.start()
  return {
    ...{ scenario, gates, deployments, clock },
    /** A sample every ten seconds for so long. */
    async traffic(sample: Readonly<Record<string, number>>, forMs: number, tags: Readonly<Record<string, string>> = shop) {
      for (let passedMs = 0; passedMs < forMs; passedMs += 10 * second) {
        for (const [field, value] of Object.entries(sample)) scenario.pushAs('http', field, tags, value)
        await clock.advance(10 * second)
      }
    },
    check: (changes: Partial<GateOrder> = {}) =>
      gates.check({ gate: 'production', labels: shop, failOpen: false, actor: 'jane', ...changes }),
  }
}

const good = { errors: 0, requests: 100, ms: 100 }
const failing = { errors: 50, requests: 100, ms: 100 }

describe('one rule', () => {
  test('alerts and gates: the rule that pages people is the one that is named, with the id of its alert', async () => {
    const { traffic, check, scenario } = await start()
    await traffic(good, 6 * minute)
    expect(check()).toMatchObject({ verdict: 'pass', rules: [{ verdict: 'pass' }, { verdict: 'pass' }, { verdict: 'pass' }] })
    await traffic(failing, minute)
    const [alert] = scenario.alerts().list({ limit: 10 }).alerts
    expect(scenario.notifications().flatMap(({ alerts }) => alerts.map(({ id }) => id))).toEqual([alert?.id])
    expect(check()).toMatchObject({
      ...{ verdict: 'fail', answer: 'fail', reason: expect.stringMatching(/^Errors: firing for \S+: /) },
      rules: [{ rule: 'Errors', verdict: 'fail', alertIds: [alert?.id] }, { verdict: 'pass' }, { rule: 'Both', verdict: 'pass' }],
    })
    expect(check({ dryRun: true })).toMatchObject({ verdict: 'fail', answer: 'pass' })
    expect(check({ labels: { service: 'other' } }).verdict).toBe('inconclusive')
  })

  test('verifies what was deployed: it fails a watch as soon as the new version is worse', async () => {
    const { traffic, check, deployments, gates } = await start([regressed], 100)
    await traffic(good, 6 * minute)
    await deployments.record({ ...shop, environment: 'production', version: '1', status: 'succeeded', startedAt: '2025-12-31T00:00:00Z' })
    const { id: deploymentId } = await deployments.record({ ...shop, environment: 'production', version: '2', status: 'running' })
    const rules = [{ rule: 'Regressed', dryRun: false }]
    const { id } = check({ gate: undefined, rules, deploymentId, watchMs: 10 * minute })
    await traffic(good, minute)
    expect(gates.get(id)).toMatchObject({ state: 'watching', verdict: 'pass' })
    await traffic({ ...good, ms: 400 }, 2 * minute)
    expect(gates.get(id)).toMatchObject({
      ...{ state: 'done', answer: 'fail', deploymentId, labels: { service: 'shop', environment: 'production' } },
      reason: expect.stringContaining('with version 1; 2 was deployed'),
    })
    gates.override(id, { actor: 'joe', reason: 'it is a load test' })
    expect(deployments.get(deploymentId).gates).toMatchObject([{ id, gate: null, verdict: 'fail', answer: 'pass', overriddenBy: 'joe' }])
  })

  test('passes a watch that lasted, and a first deployment has nothing to be measured by', async () => {
    const { traffic, check, deployments, gates } = await start([regressed], 100)
    await traffic(good, 6 * minute)
    const { id: deploymentId } = await deployments.record({ ...shop, environment: 'production', version: '1', status: 'running' })
    const rules = [{ rule: 'Regressed', dryRun: false }]
    const order = { gate: undefined, rules, deploymentId }
    await traffic(good, minute)
    expect(check(order)).toMatchObject({ verdict: 'inconclusive', answer: 'fail' })
    const { id } = check({ ...order, watchMs: 5 * minute, onInconclusive: 'pass' })
    await traffic(good, 5 * minute)
    expect(gates.get(id)).toMatchObject({ state: 'done', verdict: 'inconclusive', answer: 'pass' })
  })
})

describe('a service with next to no traffic at night', () => {
  test('is inconclusive: it is not without data, and pages nobody', async () => {
    const { traffic, check, scenario } = await start()
    for (let hour = 0; hour < 3; hour++) {
      await traffic({ errors: 1, requests: 1, ms: 100 }, 10 * second)
      expect(check().rules[0]).toMatchObject({ rule: 'Errors', verdict: 'inconclusive', reason: '1 of at least 20 samples in 5m' })
      expect(scenario.alerts().list({ limit: 10 }).alerts).toEqual([])
      await traffic({ errors: 0, requests: 0, ms: 100 }, 60 * minute)
      expect(check().rules[0]).toMatchObject({ rule: 'Errors', verdict: 'inconclusive' })
    }
    expect(scenario.sent()).toEqual([])
  })

  test('has until the deadline, and passes when there was traffic by then', async () => {
    const { traffic, check, gates } = await start()
    await traffic({ errors: 0, requests: 1, ms: 100 }, minute)
    const { id } = check({ watchMs: 5 * minute })
    await traffic({ errors: 0, requests: 1, ms: 100 }, minute)
    expect(gates.get(id)).toMatchObject({ state: 'watching', verdict: 'inconclusive' })
    await traffic(good, 5 * minute)
    expect(gates.get(id)).toMatchObject({ state: 'done', verdict: 'pass', answer: 'pass' })
  })
})

describe('a silence', () => {
  const matchers = [{ name: 'alertname', value: 'Errors', isRegex: false, isEqual: true }]
  const wish = (endsAtMs: number) => ({ matchers, endsAtMs, createdBy: 'jane', comment: 'known' })

  test('is shown in the gate: the rule is muted and not left out', async () => {
    const { traffic, check, scenario, clock } = await start()
    await traffic(good, 6 * minute)
    const { id } = scenario.alerts().silences.set(wish(clock.now() + 60 * minute))
    expect(check()).toMatchObject({
      ...{ verdict: 'pass', reason: '3 rules are fine (1 muted)' },
      rules: [{ rule: 'Errors', verdict: 'muted', underneath: 'pass' }, {}, {}],
    })
    await traffic(failing, minute)
    expect(check()).toMatchObject({
      answer: 'fail',
      rules: [{ rule: 'Errors', verdict: 'muted', underneath: 'fail', counts: 'fail', mutedBy: [`silence ${id}`] }, {}, {}],
    })
    expect(check({ onMuted: 'pass' })).toMatchObject({
      reason: '2 rules are fine; Errors is let by, for it is muted: under that it is fail',
    })
    expect(check({ onMuted: 'pass' })).toMatchObject({ answer: 'pass', rules: [{ verdict: 'muted', counts: 'pass' }, {}, {}] })
  })

  /** Two outages of two services, and what was sent of them. */
  async function outages({ traffic, scenario }: Awaited<ReturnType<typeof start>>): Promise<number> {
    for (const ms of [100, 900]) {
      await traffic(good, 6 * minute)
      await traffic({ ...failing, ms }, 5 * minute)
    }
    await traffic(good, 20 * minute)
    return scenario.sent().length
  }

  test('would have kept back as many notifications as its preview says', async () => {
    const first = await start()
    const sent = await outages(first)
    const { notificationsSuppressed, notificationsShortened, notificationsTotal } = first.scenario.alerts().silences.preview(matchers, 1)
    expect([notificationsTotal, notificationsShortened]).toEqual([sent, 0])
    expect(notificationsSuppressed).toBeGreaterThan(1)

    db = openState({ path: ':memory:', log: silentLog }).db
    const again = await start()
    again.scenario.alerts().silences.set(wish(again.clock.now() + 24 * 60 * minute))
    expect(sent - (await outages(again))).toBe(notificationsSuppressed)
  })
})
