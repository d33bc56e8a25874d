import type { Deployment, DeploymentStep } from '../model/deployment.ts'
import type { Point } from '../model/point.ts'

/** Written at the start of the deployment, so that its end overwrites what its beginning said. */
export function toDeploymentPoint(deployment: Deployment): Point {
  const { service, environment, id, startedAt, finishedAt } = deployment
  return {
    measurement: 'deployments',
    tags: { service, environment, id },
    timeNs: toNs(startedAt),
    fields: {
      status: deployment.status,
      version: deployment.version,
      ...(deployment.kind !== 'deployment' && { kind: deployment.kind, ...optional({ name: deployment.name }) }),
      ...optional({
        previous_version: deployment.previousVersion,
        actor: deployment.actor,
        commit: deployment.commit,
        reason: deployment.reason,
      }),
      ...duration(startedAt, finishedAt),
    },
  }
}

export function toStepPoint({ service, environment, id }: Deployment, step: DeploymentStep): Point {
  return {
    measurement: 'deployment_steps',
    tags: { service, environment, id, step: step.name },
    timeNs: toNs(step.startedAt),
    fields: { status: step.status, ...optional({ message: step.message }), ...duration(step.startedAt, step.finishedAt) },
  }
}

function optional(fields: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== null && field[1] !== ''))
}

function duration(startedAt: string, finishedAt: string | null): Record<string, number> {
  return finishedAt === null ? {} : { duration_ms: Date.parse(finishedAt) - Date.parse(startedAt) }
}

function toNs(time: string): bigint {
  return BigInt(Date.parse(time)) * 1_000_000n
}
