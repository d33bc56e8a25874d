import { describe, expect, it } from 'vitest'
import type { Alert } from '../../model/alert.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import { toAlert } from '../board/view.ts'
import { calm } from '../rules/evaluation/advance.ts'
import { countAlerts, listAlerts } from './list.ts'

const nowMs = Date.UTC(2026, 0, 1)
const instance = (index: number, parts: Partial<AlertInstance> = {}): AlertInstance => ({
  ...calm,
  ...{ id: `a${index}`, rule: 'Hot', severity: 'warning', state: 'firing', firedAtMs: nowMs - index, activeSinceMs: nowMs - index },
  ...{ labels: { host: `h${index}` }, annotations: {}, value: index, cause: null },
  ...parts,
})
const many = Array.from({ length: 5000 }, (_, index) => instance(index))

function setup(active: readonly AlertInstance[], past: readonly Alert[] = []) {
  const counted = { views: 0, asked: [] as unknown[] }
  return {
    counted,
    active,
    nowMs,
    view(one: AlertInstance) {
      counted.views++
      return toAlert(one, undefined, nowMs)
    },
    records: {
      history(range: unknown) {
        counted.asked.push(range)
        return past
      },
    },
  }
}

describe('listing', () => {
  it('makes out what keeps alerts from receivers only for those in the answer', () => {
    const doors = setup(many)
    const { alerts, total } = listAlerts(doors, { limit: 20, offset: 40 })
    expect(total).toBe(5000)
    expect(alerts.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => `a${index + 40}`))
    expect(doors.counted).toEqual({ views: 20, asked: [] })
  })

  it('puts the worst first, then the youngest', () => {
    const some = [instance(3), instance(2), instance(9, { severity: 'critical' }), instance(1, { state: 'pending', firedAtMs: null })]
    expect(listAlerts(setup(some), { limit: 10 }).alerts.map(({ id }) => id)).toEqual(['a9', 'a1', 'a2', 'a3'])
  })

  it('goes on with past ones where the active ones end', () => {
    const past = [toAlert(instance(7), undefined, nowMs), toAlert(instance(8), undefined, nowMs)]
    const doors = setup([instance(1), instance(2)], past)
    expect(listAlerts(doors, { past: true, limit: 2, offset: 1 }).alerts.map(({ id }) => id)).toEqual(['a2', 'a7'])
    expect(listAlerts(doors, { past: true, limit: 2, offset: 3 }).alerts.map(({ id }) => id)).toEqual(['a8'])
    expect(listAlerts(doors, { past: true, limit: 9 }).total).toBe(4)
  })

  it('asks history for the wanted ones only', () => {
    const doors = setup([instance(1), instance(2)], [toAlert(instance(2), undefined, nowMs), toAlert(instance(8), undefined, nowMs)])
    expect(listAlerts(doors, { past: true, ids: ['a2'], limit: 9 }).alerts.map(({ id }) => id)).toEqual(['a2', 'a2'])
    expect(doors.counted.asked).toMatchObject([{ ids: ['a2'] }])
  })
})

describe('counting', () => {
  it('tells how many there are by severity and state', () => {
    const some = [...many, instance(1, { severity: 'high' }), instance(2, { severity: 'high', state: 'pending' })]
    expect(countAlerts({ active: some, nowMs }, {})).toEqual([
      { severity: 'warning', state: 'firing', count: 5000 },
      { severity: 'high', state: 'firing', count: 1 },
      { severity: 'high', state: 'pending', count: 1 },
    ])
  })

  it('counts what listing lists', () => {
    const some = [instance(1), instance(2, { severity: 'high' }), instance(3, { labels: { host: 'h9' } })]
    for (const filter of [{ severities: ['high' as const] }, { text: 'H9' }, { labels: { host: 'h1' } }, { ids: ['a3', 'a1'] }]) {
      const counted = countAlerts({ active: some, nowMs }, filter).reduce((sum, { count }) => sum + count, 0)
      expect(counted).toBe(listAlerts(setup(some), { ...filter, limit: 10 }).total)
    }
  })
})
