import { z } from 'zod'
import { durationSchema } from '../../../lib/duration.ts'
import type { Tags } from '../../../model/point.ts'
import { fingerprint } from '../../rules/definition/identity.ts'
import { type Digest, digestSchema } from './digest-schema.ts'
import { allMatch, type Matcher, matcherSchema, matcherText } from './matcher.ts'

/** Where alerts of certain labels go, with everything inherited filled in. */
export type Route = {
  /** Its matchers below those of its parents; the same after routes were moved about. */
  readonly path: string
  readonly receivers: readonly string[]
  /** `...` stands for all labels: each alert by itself. */
  readonly groupBy: readonly string[]
  readonly groupWaitMs: number
  readonly groupIntervalMs: number
  readonly repeatIntervalMs: number
  readonly sendResolved: boolean
  /** Names of time intervals; not inherited. */
  readonly muteTimeIntervals: readonly string[]
  readonly activeTimeIntervals: readonly string[]
  /** The chain that begins when nobody takes the alerts. */
  readonly escalation: string | null
  /** Tells at set times what gathered since, all in one; null: as it comes. Not inherited. */
  readonly digest: Digest | null
  readonly matchers: readonly Matcher[]
  readonly continue: boolean
  readonly routes: readonly Route[]
}

const ownSettings = {
  receiver: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  group_by: z.array(z.string().min(1)).optional(),
  group_wait: durationSchema.optional(),
  group_interval: durationSchema.refine((ms) => ms >= 1000, 'must be at least 1s').optional(),
  repeat_interval: durationSchema.refine((ms) => ms >= 1000, 'must be at least 1s').optional(),
  send_resolved: z.boolean().optional(),
  escalation: z.string().min(1).optional(),
}

type RouteNode = {
  receiver?: string | string[]
  group_by?: string[]
  group_wait?: number
  group_interval?: number
  repeat_interval?: number
  send_resolved?: boolean
  escalation?: string
  mute_time_intervals?: string[]
  active_time_intervals?: string[]
  digest?: Digest
  matchers: Matcher[]
  continue: boolean
  routes: RouteNode[]
}

const childSchema: z.ZodType<RouteNode> = z.strictObject({
  ...ownSettings,
  matchers: z.array(matcherSchema).min(1),
  mute_time_intervals: z.array(z.string().min(1)).optional(),
  active_time_intervals: z.array(z.string().min(1)).optional(),
  digest: digestSchema.optional(),
  continue: z.boolean().default(false),
  get routes() {
    return z.array(childSchema).max(200).default([])
  },
})

/** Alertmanager's tree: the root takes everything and is never mute; a child takes what its matchers match. */
export const routeSchema = z
  .strictObject({
    ...ownSettings,
    receiver: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
    routes: z.array(childSchema).max(200).default([]),
  })
  .transform((root) => toRoute({ ...root, matchers: [], continue: false }, defaults, ''))

const defaults: Pick<
  Route,
  'receivers' | 'groupBy' | 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs' | 'sendResolved' | 'escalation'
> = {
  receivers: [],
  groupBy: ['alertname'],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 4 * 3_600_000,
  sendResolved: true,
  escalation: null,
}

function toRoute(node: RouteNode, parent: typeof defaults, path: string): Route {
  const settings = {
    receivers: node.receiver === undefined ? parent.receivers : [node.receiver].flat(),
    groupBy: node.group_by ?? parent.groupBy,
    groupWaitMs: node.group_wait ?? parent.groupWaitMs,
    groupIntervalMs: node.group_interval ?? parent.groupIntervalMs,
    repeatIntervalMs: node.repeat_interval ?? parent.repeatIntervalMs,
    sendResolved: node.send_resolved ?? parent.sendResolved,
    escalation: node.escalation ?? parent.escalation,
  }
  const texts = node.routes.map(({ matchers }) => matchersText(matchers))
  const routes = node.routes.map((child, index) => toRoute(child, settings, `${path}/{${texts[index]}}${ordinal(texts, index)}`))
  const digest = node.digest ?? null
  const [muteTimeIntervals, activeTimeIntervals] = [node.mute_time_intervals ?? [], node.active_time_intervals ?? []]
  return { ...settings, path, muteTimeIntervals, activeTimeIntervals, digest, matchers: node.matchers, continue: node.continue, routes }
}

/** Tells siblings of equal matchers apart: the second is `#2`. */
function ordinal(texts: readonly string[], index: number): string {
  const before = texts.slice(0, index).filter((text) => text === texts[index]).length
  return before === 0 ? '' : `#${before + 1}`
}

/**
 * The routes that take an alert: depth first, the first matching child unless it says `continue`; no child, this one.
 *
 * Whoever wants to know why is told of each route that was asked, in order, and whether its matchers matched.
 */
export function routesFor(route: Route, labels: Tags, onAsked?: (route: Route, isMatch: boolean) => void): readonly Route[] {
  const isMatch = allMatch(route.matchers, labels)
  onAsked?.(route, isMatch)
  if (!isMatch) return []
  const taken: Route[] = []
  for (const child of route.routes) {
    const found = routesFor(child, labels, onAsked)
    taken.push(...found)
    if (found.length > 0 && !child.continue) break
  }
  return taken.length > 0 ? taken : [route]
}

/** The routes that tell at set times. */
export function digestRoutesOf(route: Route): readonly (Route & { readonly digest: Digest })[] {
  const below = route.routes.flatMap(digestRoutesOf)
  return route.digest === null ? below : [{ ...route, digest: route.digest }, ...below]
}

export type GroupIdentity = { readonly key: string; readonly labels: Tags }

/** The group of an alert on a route. */
export function groupOf(route: Route, labels: Tags): GroupIdentity {
  // A digest is one message, whatever its alerts are about.
  const groupBy = route.digest ? [] : route.groupBy
  const names = groupBy.includes('...') ? Object.keys(labels) : groupBy
  const groupLabels = Object.fromEntries([...names].sort().flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])))
  return { key: fingerprint(`${route.path} ${route.receivers.join()}`, groupLabels), labels: groupLabels }
}

export function matchersText(matchers: readonly Matcher[]): string {
  return matchers.map(matcherText).join(',')
}
