import type { Deployments, NewDeployment } from '../../deployments/deployments.ts'
import type { Deployment } from '../../model/deployment.ts'

export const aDeployment: Deployment = {
  id: 'd1',
  service: 'api',
  environment: 'production',
  version: '1.4.2',
  kind: 'deployment',
  name: null,
  previousCommit: null,
  rollback: null,
  previousVersion: '1.4.1',
  status: 'succeeded',
  actor: 'jane',
  commit: 'abc',
  url: null,
  reason: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:01:00.000Z',
  steps: [],
}

/** Deployments for tests of the routes: what is asked of them is told. */
export function createFakeDeployments(tell: (act: object) => void): Deployments {
  return {
    async record(deployment: NewDeployment) {
      tell({ record: deployment })
      return { ...aDeployment, service: deployment.service }
    },
    async step(id, step) {
      tell({ step: id, ...step })
      return aDeployment
    },
    async finish(id, end) {
      tell({ finish: id, ...end })
      return aDeployment
    },
    async receive(change) {
      tell({ change })
      return { ...aDeployment, id: change.id }
    },
    get: () => aDeployment,
    list: () => ({ deployments: [aDeployment], total: 1 }),
  }
}
