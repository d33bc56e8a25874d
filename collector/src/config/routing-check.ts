import type { z } from 'zod'
import { receiversOfChain } from '../alerts/routing/escalation-schema.ts'
import { escalationsOf, intervalsOf, receiversOf } from '../alerts/routing/route.ts'
import { didYouMean, doubles, type Problem } from './problems.ts'
import type { configSchema } from './schema.ts'

export type RoutingParts = Pick<z.output<typeof configSchema>, 'receivers' | 'route' | 'time_intervals' | 'escalations' | 'heartbeat'>

/** Checks that routes, escalations and the heartbeat name only what there is. */
export function checkRouting(config: RoutingParts): readonly Problem[] {
  const { route, escalations, heartbeat } = config
  const [receivers, intervals, chains] = [namesOf(config.receivers), namesOf(config.time_intervals), namesOf(escalations)]
  return [
    ...doubles('time_intervals', intervals, (name) => `another time interval is called "${name}" already`),
    ...doubles('escalations', chains, (name) => `another escalation is called "${name}" already`),
    ...(route ? unknown(['route'], 'receiver', receiversOf(route), receivers) : []),
    ...(route ? unknown(['route'], 'time interval', intervalsOf(route), intervals) : []),
    ...(route ? unknown(['route'], 'escalation', escalationsOf(route), chains) : []),
    ...escalations.flatMap((chain, index) => [
      ...unknown(['escalations', index], 'receiver', receiversOfChain(chain), receivers),
      ...unknown(['escalations', index], 'time interval', chain.quiet?.intervals ?? [], intervals),
    ]),
    ...(heartbeat ? unknown(['heartbeat', 'receiver'], 'receiver', [heartbeat.receiver], receivers) : []),
  ]
}

function namesOf(parts: readonly { readonly name: string }[]): readonly string[] {
  return parts.map(({ name }) => name)
}

function unknown(path: Problem['path'], what: string, used: readonly string[], known: readonly string[]): readonly Problem[] {
  return used
    .filter((name) => !known.includes(name))
    .map((name) => ({ path, message: `there is no ${what} "${name}"${didYouMean(name, known)}` }))
}
