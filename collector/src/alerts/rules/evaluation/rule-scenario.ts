import { createFakeClock } from '../../../lib/clock.ts'
import { silentLog } from '../../../lib/log.ts'
import type { AlertInstance } from '../../../model/alert-records.ts'
import type { Tags } from '../../../model/point.ts'
import type { LastChange, Rule } from '../definition/rule.ts'
import { type RuleInput, ruleSchema } from '../definition/rule-schema.ts'
import { createFakeSamples } from '../samples/fake-samples.ts'
import { createPastQueries, type PastStore } from '../samples/past.ts'
import type { Transition } from './evaluate.ts'
import { createRoster } from './roster.ts'

export type RuleScenarioOptions = {
  readonly store?: PastStore
  readonly lastChange?: LastChange
  /** Whether memory is taken to hold all there ever was. */
  readonly isKnown?: boolean
  readonly restored?: readonly AlertInstance[]
}

/** Rules at work on a clock that stands still, with samples pushed by hand; nothing is sent or saved. */
export function createRuleScenario(inputs: readonly RuleInput[], options: RuleScenarioOptions = {}) {
  const { store, lastChange = () => undefined, isKnown = true, restored = [] } = options
  const clock = createFakeClock(Date.UTC(2026, 0, 1))
  const startMs = clock.now()
  const fake = createFakeSamples()
  const transitions: Transition[] = []
  const roster = createRoster({
    samples: fake.samples,
    ...(store && { past: createPastQueries({ store, clock }) }),
    lastChange,
    clock,
    log: silentLog,
    publish(fresh) {
      transitions.push(...fresh)
      return []
    },
  })
  const rules: Rule[] = inputs.map((rule) => ruleSchema.parse(rule))
  roster.fill(rules, restored)
  for (const runner of roster.runners()) {
    if (isKnown) runner.seed(0, [], Number.NEGATIVE_INFINITY)
    runner.start()
  }

  const told = ({ labels, state }: AlertInstance) => `${labels.host ?? labels.service ?? '-'} ${state}`
  const instances = (rule = rules[0]?.name) =>
    roster.runners().flatMap((runner) => (runner.rule.name === rule ? [...runner.instances().values()] : []))

  return {
    clock,
    startMs,
    roster,
    transitions,
    push: (value: number, tags: Tags = { host: 'a' }, name = 'load.value') => {
      const [measurement = '', field = ''] = name.split('.')
      fake.push(measurement, field, tags, clock.now(), value)
    },
    /** Time goes on to so many seconds after the start. */
    to: (seconds: number) => clock.advance(startMs + seconds * 1000 - clock.now()),
    /** A sample every ten seconds for as long as said. */
    async hold(value: number, seconds: number, tags: Tags = { host: 'a' }, name = 'load.value') {
      const [measurement = '', field = ''] = name.split('.')
      for (let passed = 0; passed < seconds; passed += 10) {
        fake.push(measurement, field, tags, clock.now(), value)
        await clock.advance(10_000)
      }
    },
    instances,
    /** `a firing,b ok`: the label sets of a rule, by host. */
    states: (rule?: string) => instances(rule).map(told).join(),
    failures: () => roster.active().filter(({ rule }) => rule === 'RuleEvaluationFailing'),
    status: (rule = rules[0]?.name) =>
      roster
        .runners()
        .find((runner) => runner.rule.name === rule)
        ?.status(),
  }
}
