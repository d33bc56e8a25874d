import type { FakeClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import type { AuditEntry } from '../../model/audit.ts'
import type { StreamEvent } from '../../model/event.ts'
import type { Gate } from '../../model/gate.ts'
import type { GateRecords } from '../../model/gate-records.ts'
import type { JudgedRules, RuleJudgement, SetJudgement } from '../../model/judgement.ts'
import type { GateOrder } from '../gates.ts'
import { createGates, type GatesOptions } from './engine.ts'

export const calm: SetJudgement = {
  ...{ alertId: 'a', labels: { service: 'shop' }, severity: 'high', state: 'ok', reading: 'false' },
  ...{ value: 1, samples: 30, countedMs: 60_000, awaits: [], summary: 's', sinceMs: null, mutedBy: [] },
}
const states = {
  fine: [calm],
  bad: [{ ...calm, state: 'firing', reading: 'true' }],
  unsure: [{ ...calm, reading: 'inconclusive' }],
  unseen: [],
} satisfies Record<string, readonly SetJudgement[]>

const production: Gate = {
  ...{ name: 'production', rules: [{ rule: 'Errors', dryRun: false }], labels: { environment: 'production' } },
  matchers: [{ text: 'severity="critical"', matches: ({ severity }) => severity === 'critical' }],
  ...{ watchMs: 0, onInconclusive: 'wait', onMuted: 'judge', dryRun: false },
}
const order: GateOrder = { gate: 'production', labels: {}, failOpen: false, actor: 'jane' }

/** Gates of one process, whose rules say what they are told to; another one with the same records is the next process. */
export function startGates(records: GateRecords, clock: FakeClock, owe?: GatesOptions['owe']) {
  const rules = new Map<string, Partial<RuleJudgement>>([
    ['Errors', { sets: states.fine }],
    ['Slow', { sets: states.fine }],
    ['Disk', { sets: states.fine }],
  ])
  const audited: AuditEntry[] = []
  const events: StreamEvent[] = []
  const judge: JudgedRules['judge'] = (names, isWanted) =>
    names.flatMap((name) => {
      const known = rules.get(name)
      const frame = { name, severity: 'high', limit: 'above 1', minSamples: 1, isSilenceFine: false, error: null } as const
      return known
        ? [
            {
              ...frame,
              isWaiting: false,
              lastEvaluationMs: clock.now(),
              ...known,
              sets: (known.sets ?? []).filter(({ labels }) => isWanted(labels)),
            },
          ]
        : []
    })
  const about = (name: string): Record<string, string> => (name === 'Slow' ? { service: 'shop' } : {})
  let counter = 0
  const gates = createGates({
    judged: {
      judge,
      outlines: () =>
        [...rules.keys()].map((name) => ({ name, labels: { severity: name === 'Disk' ? 'critical' : 'high' }, about: about(name) })),
    },
    gates: () => [production],
    deployment: (id) => ({ id, service: 'shop', environment: 'staging' }) as ReturnType<Parameters<typeof createGates>[0]['deployment']>,
    records,
    audit: { record: (entry) => void audited.push(entry), list: () => audited },
    ...(owe && { owe }),
    ...{ clock, log: silentLog, emit: (event) => void events.push(event), newId: () => `g${counter++}` },
  })
  const set = (name: string, judgement: keyof typeof states | Partial<RuleJudgement>) =>
    rules.set(name, typeof judgement === 'string' ? { sets: states[judgement] } : judgement)
  const check = (changes: Partial<GateOrder> = {}) => gates.check({ ...order, ...changes })
  return { gates, set, check, rules, audited, events }
}
