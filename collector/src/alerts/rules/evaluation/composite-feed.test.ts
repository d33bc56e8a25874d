import { expect, test } from 'vitest'
import type { AlertInstance } from '../../../model/alert-records.ts'
import { ruleSchema } from '../definition/rule-schema.ts'
import { calm } from './advance.ts'
import { createCompositeFeed, type Member } from './composite-feed.ts'

const source = { measurement: 'm', field: 'value' }

function toMember(name: string, hosts: number, isFiring: (host: number) => boolean): Member {
  const rule = ruleSchema.parse({ name, source, condition: { above: 90 } })
  const instances = Array.from({ length: hosts }, (_, host): AlertInstance => {
    const labels = { alertname: name, host: `h${host}`, severity: 'warning' }
    const fixed = { id: `${name} ${host}`, rule: name, labels, severity: 'warning', annotations: {}, value: null, cause: null } as const
    return { ...calm, ...fixed, state: isFiring(host) ? 'firing' : 'ok' }
  })
  return { rule, instances: () => instances, isUnsure: () => false, isFineWithoutData: () => false, isAwaiting: () => false }
}

// Every label set compared with every other would be eight hundred million comparisons, and take minutes.
test('meets twenty thousand label sets of two rules in one go', () => {
  const members: Record<string, Member> = { A: toMember('A', 20_000, () => true), B: toMember('B', 20_000, (host) => host % 2 === 0) }
  const rule = ruleSchema.parse({ name: 'Both', kind: 'composite', expression: { and: ['A', { not: 'B' }] } })
  const feed = createCompositeFeed({ rule, members: ['A', 'B'], memberOf: (name) => members[name] })
  const collected = feed.collect('all', { nowMs: 0, before: () => undefined, instances: () => [] })
  const due = 'due' in collected ? collected.due : []
  expect(due).toHaveLength(20_000)
  expect(due.filter(({ reading }) => reading.verdict === 'true')).toHaveLength(10_000)
})
