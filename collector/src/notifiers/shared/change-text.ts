import type { Deployment } from '../../model/deployment.ts'

/** `shop 1.4.2 deployed to production by jane: succeeded`. */
export function changeText({ kind, service, environment, name, version, actor, status }: Deployment): string {
  const by = actor ? ` by ${actor}` : ''
  const outcome = status.replace('_', ' ')
  if (kind === 'deployment') return `${service} ${version} deployed to ${environment}${by}: ${outcome}`
  return `${kind === 'flag' ? 'flag' : 'setting'} ${name ?? ''} of ${service} in ${environment} set to ${version}${by}: ${outcome}`
}
