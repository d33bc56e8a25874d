import type { z } from 'zod'
import type { Escalation } from '../alerts/routing/escalation/escalation-schema.ts'
import type { Route } from '../alerts/routing/tree/route.ts'
import { doubles, type Problem } from '../lib/problems.ts'
import { didYouMean } from '../lib/words.ts'
import type { configSchema } from './schema.ts'

export type RoutingParts = Pick<z.output<typeof configSchema>, 'receivers' | 'route' | 'time_intervals' | 'escalations' | 'heartbeat'>

type Known = { readonly receivers: readonly string[]; readonly intervals: readonly string[]; readonly chains: readonly string[] }
type Path = Problem['path']

/** Checks that routes, escalations and the heartbeat name only what there is. */
export function checkRouting(config: RoutingParts): readonly Problem[] {
  const { route, escalations, heartbeat } = config
  const known = { receivers: namesOf(config.receivers), intervals: namesOf(config.time_intervals), chains: namesOf(escalations) }
  return [
    ...doubles('time_intervals', known.intervals, (name) => `another time interval is called "${name}" already`),
    ...doubles('escalations', known.chains, (name) => `another escalation is called "${name}" already`),
    ...(route ? inRoute(route, ['route'], known) : []),
    ...escalations.flatMap((chain, index) => inChain(chain, ['escalations', index], known)),
    ...(heartbeat ? unknown(['heartbeat', 'receiver'], 'receiver', [heartbeat.receiver], known.receivers) : []),
  ]
}

/** What a route inherits was said of the parent already. */
function inRoute(route: Route, path: Path, known: Known, parent?: Route): Problem[] {
  const chains = route.escalation === null || route.escalation === parent?.escalation ? [] : [route.escalation]
  return [
    ...(route.receivers === parent?.receivers ? [] : unknown([...path, 'receiver'], 'receiver', route.receivers, known.receivers)),
    ...unknown([...path, 'mute_time_intervals'], 'time interval', route.muteTimeIntervals, known.intervals),
    ...unknown([...path, 'active_time_intervals'], 'time interval', route.activeTimeIntervals, known.intervals),
    ...unknown([...path, 'escalation'], 'escalation', chains, known.chains),
    ...route.routes.flatMap((child, index) => inRoute(child, [...path, 'routes', index], known, route)),
  ]
}

function inChain({ steps, handOff, quiet }: Escalation, path: Path, known: Known): Problem[] {
  return [
    ...steps.flatMap(({ receivers }, index) => unknown([...path, 'steps', index, 'receiver'], 'receiver', receivers, known.receivers)),
    ...unknown([...path, 'hand_off'], 'receiver', handOff, known.receivers),
    ...unknown([...path, 'quiet_hours', 'time_intervals'], 'time interval', quiet?.intervals ?? [], known.intervals),
  ]
}

function namesOf(parts: readonly { readonly name: string }[]): readonly string[] {
  return parts.map(({ name }) => name)
}

function unknown(path: Path, what: string, used: readonly string[], known: readonly string[]): readonly Problem[] {
  return used
    .filter((name) => !known.includes(name))
    .map((name) => ({ path, message: `there is no ${what} "${name}"${didYouMean(name, known) || listed(what, known)}` }))
}

/** All names, where that is short enough to be of help. */
function listed(what: string, known: readonly string[]): string {
  if (known.length === 0) return `, for none is configured`
  return known.length > 10 ? '' : `; ${known.length === 1 ? `the only ${what} is` : `there are`} ${known.join(', ')}`
}
