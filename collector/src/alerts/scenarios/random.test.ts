import { expect, test } from 'vitest'
import { fc } from '../../lib/fake-chance.ts'
import { silentLog } from '../../lib/log.ts'
import type { Alert, Notification, SendResult } from '../../model/alert.ts'
import { createAlertingRecords } from '../../state/alerting-records.ts'
import { openState } from '../../state/state.ts'
import type { RuleInput } from '../rules/definition/rule-schema.ts'
import { hot, minute, type Scenario, second, startScenario } from '../scenario.ts'

/**
 * Nights nobody thought of: samples, people, restarts, reloads and receivers that fail, in any order. What
 * must hold whatever happens is checked at every message and when all is calm again.
 */
const hosts = ['a', 'b', 'c'] as const
const repeatMs = 20 * minute
const route = {
  receiver: 'ops',
  group_by: ['alertname'],
  group_wait: '30s',
  group_interval: '1m',
  repeat_interval: '20m',
  routes: [
    { matchers: ['alertname="ReceiverFailing"'], group_wait: '1d' },
    { matchers: ['alertname="Slow"'], receiver: ['ops', 'pager'] },
  ],
}
const rules = (forSlow: string): RuleInput[] => [hot, { ...hot, name: 'Slow', for: forSlow, keep_firing_for: '30s', severity: 'critical' }]

const answers = {
  takes: { ok: true },
  refuses: { ok: false, retryable: false, message: 'answered 404' },
  breaks: { ok: false, retryable: true, message: 'answered 503' },
  rests: { ok: false, retryable: true, retryAfterMs: 7 * second, message: 'answered 429' },
} as const satisfies Record<string, SendResult>

const value = fc.constantFrom(95, 50, null)
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      values: fc.tuple(value, value, value),
      steps: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('acknowledge' as const, 'unacknowledge' as const, 'resolve' as const), which: fc.nat(5) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('silence' as const),
      host: fc.constantFrom(...hosts),
      minutes: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), seconds: fc.integer({ min: 0, max: 300 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const), forSlow: fc.constantFrom('30s', '1m', '5m') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('receiver' as const),
      name: fc.constantFrom('ops', 'pager'),
      answer: fc.constantFrom(...(Object.keys(answers) as (keyof typeof answers)[])),
    }),
  },
)
type Event = typeof event extends fc.Arbitrary<infer One> ? One : never

const textOf = ({ id, state, startsAt, severity, flapping }: Alert) =>
  `${id} ${state === 'resolved'} ${startsAt} ${severity} ${flapping === true}`

/** Results are written within this time; a process that is killed before tells once more, and may be answered otherwise. */
const writtenAfterMs = 50

/** Two receivers that check what they are told against what they were told before. */
function createWitness(nowMs: () => number) {
  const willAnswer = new Map<string, keyof typeof answers>()
  /** What each receiver may believe to fire, and since when. */
  const believes = new Map<string, Map<string, string>>([
    ['ops', new Map()],
    ['pager', new Map()],
  ])
  const last = new Map<string, { readonly text: string; readonly atMs: number }>()
  const wrongs: string[] = []
  let lately: { readonly notification: Notification; readonly atMs: number }[] = []
  /** Alerts by receiver, of which the process that was killed took with it what it had told. */
  const doubtful = new Set<string>()
  /** Keys of what was taken: a process that died before it read the answer sends it once more. */
  const heard = new Set<string>()

  function check({ receiver, alerts, groupKey, reason }: Notification): void {
    const known = believes.get(receiver) ?? new Map()
    for (const { id, state, labels } of alerts)
      if (state === 'resolved' && !known.has(id) && !doubtful.has(`${receiver} ${id}`))
        wrongs.push(`${receiver} is told of the end of ${labels.host}, whose beginning it was not told`)
    const [text, before] = [alerts.map(textOf).sort().join(), last.get(`${receiver} ${groupKey}`)]
    if (before?.text === text && nowMs() - before.atMs < repeatMs)
      wrongs.push(`${receiver} is told the same after ${nowMs() - before.atMs} ms: ${reason}`)
  }

  return {
    wrongs,
    willAnswer,
    believes,
    answer: async (notification: Notification): Promise<SendResult> => {
      const { receiver, alerts, groupKey, idempotencyKey } = notification
      const mood = willAnswer.get(receiver) ?? 'takes'
      if (!heard.has(`${receiver} ${idempotencyKey}`)) check(notification)
      if (mood === 'takes') heard.add(`${receiver} ${idempotencyKey}`)
      lately = [...lately.filter(({ atMs }) => nowMs() - atMs <= writtenAfterMs), { notification, atMs: nowMs() }]
      const known = believes.get(receiver)
      if (mood === 'takes') last.set(`${receiver} ${groupKey}`, { text: alerts.map(textOf).sort().join(), atMs: nowMs() })
      for (const { id, state, startsAt } of alerts) {
        if (state !== 'resolved' && mood !== 'refuses') known?.set(id, startsAt)
        if (state === 'resolved' && mood === 'takes') known?.delete(id)
        if (mood === 'takes') doubtful.delete(`${receiver} ${id}`)
      }
      return answers[mood]
    },
    /** The process is killed: what it was answered just now may not be written yet. */
    killed(): void {
      for (const { notification, atMs } of lately) {
        if (nowMs() - atMs > writtenAfterMs) continue
        const { receiver, groupKey, alerts } = notification
        last.delete(`${receiver} ${groupKey}`)
        for (const { id } of alerts) doubtful.add(`${receiver} ${id}`)
      }
    },
  }
}

/** Fractions that look like chance and are the same each time. */
function createDice(): () => number {
  let state = 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

async function pass(scenario: Scenario, values: readonly (number | null)[], steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    values.forEach((one, index) => {
      if (one !== null) scenario.push(one, { host: hosts[index] ?? '' })
    })
    await scenario.clock.advance(10 * second)
  }
}

async function happen(scenario: Scenario, witness: ReturnType<typeof createWitness>, event: Event): Promise<void> {
  switch (event.kind) {
    case 'pass':
      return pass(scenario, event.values, event.steps)
    case 'restart':
      return scenario.restart(event.seconds * second)
    case 'crash':
      await scenario.crash()
      return witness.killed()
    case 'reload':
      await scenario.reload({ rules: rules(event.forSlow) })
      return
    case 'receiver':
      witness.willAnswer.set(event.name, event.answer)
      return
    case 'silence': {
      const matchers = [{ name: 'host', value: event.host, isRegex: false, isEqual: true }]
      const endsAtMs = scenario.clock.now() + event.minutes * minute
      scenario.alerts().silences.set({ matchers, endsAtMs, createdBy: 'jane', comment: 'planned' })
      return
    }
    default: {
      const alert = scenario.alerts().list({ limit: 100 }).alerts[event.which]
      if (alert) await scenario.alerts()[event.kind](alert.id, { actor: 'jane', comment: '' })
    }
  }
}

const active = (scenario: Scenario) =>
  scenario
    .alerts()
    .list({ limit: 100 })
    .alerts.filter(({ rule }) => rule === 'Hot' || rule === 'Slow')
/** When an alert began, and when the episodes began from which no look at its group, once in `group_interval`, parts it. */
function beginningsOf({ id, startsAt }: Alert, { events }: Scenario): readonly string[] {
  const beginnings = [startsAt]
  const ended = events.flatMap((each) => (each.type === 'alert' && each.alert.id === id && each.alert.endsAt !== null ? [each.alert] : []))
  for (const episode of ended.toReversed())
    if (Date.parse(beginnings.at(-1) ?? '') - Date.parse(episode.endsAt ?? '') < minute) beginnings.push(episode.startsAt)
  return beginnings
}
const receiversOf = ({ rule }: Alert) => (rule === 'Slow' ? ['ops', 'pager'] : ['ops'])

// The same nights each time; others with `SEED=$RANDOM NIGHTS=1000`.
test('whatever happens, nobody is told of an end without a beginning or the same thing too soon, what fires is told, and what is over is told to be over', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40 }), async (events) => {
      const scenario = await startScenario({
        records: createAlertingRecords(openState({ path: ':memory:', log: silentLog }).db),
        rules: rules('1m'),
        route,
        random: createDice(),
      })
      const witness = createWitness(scenario.clock.now)
      scenario.answerWith(witness.answer)
      for (const one of events) await happen(scenario, witness, one)

      // Everybody listens again, silences end, and all is hot for longer than anything may hold it back, and not for as long
      // as an interval of repeats: each receiver knows of every alert, and of the episode that goes on now.
      witness.willAnswer.clear()
      await pass(scenario, [95, 95, 95], 15 * 6)
      for (const alert of active(scenario)) {
        expect(alert.state).toBe('firing')
        for (const receiver of receiversOf(alert))
          expect(beginningsOf(alert, scenario)).toContain(witness.believes.get(receiver)?.get(alert.id))
      }
      expect(active(scenario)).toHaveLength(6)

      await pass(scenario, [50, 50, 50], 30 * 6)
      expect(active(scenario)).toEqual([])
      expect([...witness.believes.values()].flatMap((known) => [...known.keys()])).toEqual([])
      expect(witness.wrongs).toEqual([])
      await scenario.alerts().stop()
    }),
    { numRuns: Number(process.env.NIGHTS ?? 40) },
  )
}, 600_000)
