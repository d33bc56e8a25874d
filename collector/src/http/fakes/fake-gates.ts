import type { GateOrder, Gates } from '../../deployments/gates.ts'
import { AppError } from '../../lib/errors.ts'
import type { GateResult } from '../../model/gate.ts'

export const aGateResult: GateResult = {
  ...{ id: 'g1', gate: 'production', state: 'done', verdict: 'fail', answer: 'fail', reason: 'Errors: firing for 3m: too many' },
  rules: [
    {
      ...{ rule: 'Errors', severity: 'high', verdict: 'fail', counts: 'fail', reason: 'firing for 3m: too many', value: 0.2 },
      ...{
        samples: 100,
        minSamples: 20,
        windowMs: 300_000,
        threshold: 'above 0.05',
        alertIds: ['a1'],
        mutedBy: [],
        labelSets: 1,
        dryRun: false,
        lastEvaluation: null,
      },
    },
  ],
  ...{ notAbout: [], labels: { service: 'shop' }, failOpen: false, actor: 'jane', deploymentId: null },
  policies: { watchMs: 0, onInconclusive: 'wait', onMuted: 'judge', dryRun: false },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', deadline: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:00.000Z' },
  ...{ lookedAt: '2026-01-01T00:00:00.000Z', gaps: [], override: null },
}

/** Gates for tests of the routes: what is asked of them is told. */
export function createFakeGates(tell: (act: object) => void): Gates {
  const known = (id: string): GateResult => {
    if (id !== aGateResult.id) throw new AppError('NOT_FOUND', `there is no gate result ${id}`)
    return aGateResult
  }
  return {
    list: () => [{ name: 'production', rules: ['Errors'], matchers: [], labels: {}, ...aGateResult.policies }],
    check({ matchers, ...order }: GateOrder) {
      tell({ check: order, ...(matchers && { matchers: matchers.map(({ text }) => text) }) })
      return aGateResult
    },
    get: known,
    async wait(id, forMs) {
      tell({ wait: id, forMs })
      return known(id)
    },
    results(filter) {
      tell({ results: filter })
      return { results: [aGateResult], total: 1 }
    },
    override(id, by) {
      tell({ override: id, ...by })
      return { ...known(id), answer: 'pass', override: { ...by, at: '2026-01-01T00:00:00.000Z' } }
    },
  }
}
