import { describe, expect, test } from 'vitest'
import type { FakeClock } from '../../../lib/clock.ts'
import { fc } from '../../../lib/fake-chance.ts'
import { silentLog } from '../../../lib/log.ts'
import { createFakeLive } from '../../../live/fake-samples.ts'
import { type RuleInput, ruleSchema } from '../definition/rule-schema.ts'
import { createRoster, type Roster } from '../evaluation/roster.ts'
import { createFakePast } from './fake-past.ts'
import { createPastQueries } from './past.ts'
import type { Samples } from './samples.ts'

const source = { measurement: 'cpu', field: 'usage' }
const above = { above: 90, until: 70 }

/** A rule of each kind, and of each aggregate and condition that calls samples quiet. */
const kinds: Readonly<Record<string, Partial<RuleInput>>> = {
  last: { source, condition: above },
  'last with a hold': { source, condition: above, for: '20s', keep_firing_for: '30s', on_no_data: 'no_data', no_data_after: 2 },
  'last of groups': { source: { ...source, group_by: ['rack'] }, condition: { outside: [10, 90] }, on_no_data: 'alert' },
  'last of three samples': { source, condition: { below: 10 }, min_samples: 3, window: '40s' },
  'last that equals': { source, condition: { equals: 50 }, on_no_data: 'ok' },
  max: { source, aggregate: 'max', condition: above, for: '15s' },
  'max below': { source, aggregate: 'max', condition: { below: 60 } },
  min: { source: { ...source, group_by: ['rack'] }, aggregate: 'min', condition: { below: 10 }, on_no_data: 'alert' },
  mean: { source, aggregate: 'mean', condition: { above: 85 }, min_samples: 2 },
  'mean outside': { source: { ...source, group_by: [] }, aggregate: 'mean', condition: { outside: [20, 90] } },
  percentile: { source, aggregate: 'p90', condition: { above: 90 } },
  sum: { source, aggregate: 'sum', condition: { above: 300 } },
  count: { source, aggregate: 'count', condition: { below: 3 } },
  rate: { source, aggregate: 'rate', condition: { above: 3 } },
  absent: { kind: 'absent', source, window: '30s' },
  'absent of all': { kind: 'absent', source: { ...source, group_by: [] }, window: '30s' },
  changed: { kind: 'changed', source },
  'changed in groups': { kind: 'changed', source: { ...source, group_by: ['rack'] }, condition: { above: 2 } },
  ratio: { kind: 'ratio', source, over: { field: 'limit' }, condition: { above: 0.8 } },
  histogram: { kind: 'histogram', source: { measurement: 'cpu', group_by: [] }, condition: above },
  burn_rate: { kind: 'burn_rate', source, over: { field: 'limit' }, objective: 99, windows: [{ long: '1m', short: '20s', factor: 2 }] },
  forecast: { kind: 'forecast', source, within: '1m', condition: { above: 90 } },
  compare: { kind: 'compare', source, offset: '1d', condition: { above: 50 } },
  anomaly: { kind: 'anomaly', source, min_days: 1 },
  deployment: { kind: 'deployment', source, service: 'api', condition: { above: 20 } },
}

/** Depends on what the others are sure of. */
const composite: RuleInput = {
  name: 'Both',
  kind: 'composite',
  expression: { or: [{ and: ['One', { not: 'Other' }] }, { not: 'Other' }] },
  severity: 'high',
}

const hosts = [0, 1, 2].map((host) => ({ host: `h${host}`, rack: `r${host % 2}` }))
const values = [50, 50, 50, 90, 90.1, 95, 9, 0, Number.NaN, Number.NEGATIVE_INFINITY]

type Step =
  | { readonly kind: 'push'; readonly samples: readonly { host: number; field: string; value: number; lateMs: number }[] }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'end'; readonly host: number }
  | { readonly kind: 'reload' }

const sampleOf = fc.record({
  host: fc.nat(hosts.length - 1),
  field: fc.constantFrom('usage', 'usage', 'usage', 'limit', 'le_10', 'count'),
  value: fc.constantFrom(...values),
  // Mostly in time; sometimes late, of the same time as another, beyond the window, or of a time to come.
  lateMs: fc.constantFrom(0, 0, 0, 0, 1000, 5000, 29_000, 59_999, 90_000, -3000, -12_000),
})
const stepOf: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('push' as const), samples: fc.array(sampleOf, { minLength: 1, maxLength: 4 }) }) },
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(0, 1000, 2500, 10_000, 10_000, 31_000, 61_001) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), host: fc.nat(hosts.length - 1) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reload' as const }) },
)

type Told = { readonly atMs: number; readonly id: string; readonly change: readonly unknown[] }

/** Of one moment, the order among alerts is of no account; that of one alert's changes is. */
const inOrder = (told: readonly Told[]) => told.toSorted((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : Number(a.id > b.id)))

/** The same rules at work on samples, and what became of their alerts, when. */
function createEngine(samples: Samples, rules: readonly RuleInput[], clock: FakeClock) {
  const told: Told[] = []
  const past = createPastQueries({ store: createFakePast(hosts, (atMs) => 50 + ((atMs / 60_000) % 3)), clock })
  const change = { id: 'd', service: 'api', environment: 'production', version: '2', previousVersion: '1', startedMs: 0, finishedMs: null }
  const lastChange = () => ({ ...change, startedMs: Math.floor(clock.now() / 300_000) * 300_000 })
  let roster: Roster | undefined

  function load(): void {
    const restored = roster?.runners().flatMap((runner) => [...runner.instances().values()].filter(({ state }) => state !== 'ok')) ?? []
    for (const runner of roster?.runners() ?? []) runner.stop()
    const publish: Parameters<typeof createRoster>[0]['publish'] = (transitions) => {
      for (const { from, to, instance } of transitions) {
        const { id, value, activeSinceMs, firedAtMs, recoveringSinceMs, missingSinceMs, annotations } = instance
        const times = [activeSinceMs, firedAtMs, recoveringSinceMs, missingSinceMs]
        told.push({ atMs: clock.now(), id, change: [from, to, value, times, annotations.summary] })
      }
      return []
    }
    roster = createRoster({ samples, past, lastChange, clock, log: silentLog, publish })
    roster.fill(
      rules.map((rule) => ruleSchema.parse(rule)),
      restored,
    )
    for (const runner of roster.runners()) runner.start()
  }
  load()
  return { told, load }
}

/** Tells of every sample. */
const loud = (samples: Samples): Samples => ({
  watch: (...given) => ({ ...samples.watch(...given), expect: () => {} }),
})

async function run(rules: readonly RuleInput[], steps: readonly Step[]) {
  const { live, clock, batch } = createFakeLive()
  const startMs = clock.now()
  const engines = [createEngine(live, rules, clock), createEngine(loud(live), rules, clock)]
  for (const step of steps) {
    const atMs = clock.now() - startMs
    if (step.kind === 'push')
      live.accept(
        batch(...step.samples.map(({ host, field, value, lateMs }) => ({ tags: hosts[host] ?? {}, field, value, atMs: atMs - lateMs }))),
      )
    if (step.kind === 'end') live.end([{ measurement: 'cpu', tags: hosts[step.host] ?? {} }], clock.now())
    if (step.kind === 'reload') for (const { load } of engines) load()
    await clock.advance(step.kind === 'pass' ? step.ms : 0)
  }
  await clock.advance(80_000)
  return engines.map(({ told }) => inOrder(told))
}

describe('samples that cannot change a verdict wake nobody, and every alert changes as if they had', () => {
  test.each(Object.entries(kinds))(
    '%s',
    async (_, rule) => {
      // Another rule looks at the same series for longer.
      const rules = [
        { name: 'One', ...(rule.kind !== 'burn_rate' && { window: '1m' }), ...rule } as RuleInput,
        { name: 'Other', source, window: '2m', condition: { above: 94 }, min_samples: 2 } as RuleInput,
        composite,
      ]
      await fc.assert(
        fc.asyncProperty(fc.array(stepOf, { minLength: 20, maxLength: 60 }), async (steps) => {
          const [quiet, all] = await run(rules, steps)
          expect(quiet).toEqual(all)
        }),
        { numRuns: 15 },
      )
    },
    30_000,
  )
})
