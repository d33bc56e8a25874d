import { formatDuration } from '../../../lib/duration.ts'
import { matcherText } from '../tree/matcher.ts'
import type { Route } from '../tree/route.ts'

/** The tree, one below another; what is said of a route may be several lines. */
export function drawTree(root: Route, linesOf: (route: Route, parent: Route | undefined) => readonly string[]): readonly string[] {
  const below = (parent: Route): readonly string[] =>
    parent.routes.flatMap((route, index) => {
      const isLast = index === parent.routes.length - 1
      const [head = '', ...rest] = linesOf(route, parent)
      const stem = isLast ? '   ' : '│  '
      return [`${isLast ? '└─ ' : '├─ '}${head}`, ...rest.map((line) => stem + line), ...below(route).map((line) => stem + line)]
    })
  return [...linesOf(root, undefined), ...below(root)]
}

/** What a route takes, and whom it tells: `team="shop" → shop-team (continue)`. */
export function headOf(route: Route): string {
  return `${matchersOf(route)} → ${route.receivers.join(', ')}${route.continue ? ' (continue)' : ''}`
}

export function matchersOf({ matchers }: Route): string {
  return matchers.length === 0 ? 'everything' : matchers.map(matcherText).join(', ')
}

/** The settings of a route in the configuration's words, its own first and then those that it has from its parent. */
export function settingsOf(route: Route, parent: Route | undefined): readonly string[] {
  const inherited = parent ? inheritable(parent) : []
  const isInherited = (setting: string) => inherited.includes(setting)
  const [all, own] = [inheritable(route), ownOf(route)]
  const mine = [...all.filter((setting) => !isInherited(setting)), ...own].join(', ')
  const theirs = all.filter(isInherited).join(', ')
  return [...(mine ? [mine] : []), ...(theirs ? [`inherited: ${theirs}`] : [])]
}

function inheritable({ groupBy, groupWaitMs, groupIntervalMs, repeatIntervalMs, sendResolved, escalation }: Route): readonly string[] {
  return [
    `group_by [${groupBy.join(', ')}]`,
    `group_wait ${formatDuration(groupWaitMs)}`,
    `group_interval ${formatDuration(groupIntervalMs)}`,
    `repeat_interval ${formatDuration(repeatIntervalMs)}`,
    ...(sendResolved ? [] : ['send_resolved false']),
    ...(escalation === null ? [] : [`escalation ${escalation}`]),
  ]
}

function ownOf({ muteTimeIntervals, activeTimeIntervals, digest }: Route): readonly string[] {
  return [
    ...(muteTimeIntervals.length > 0 ? [`mute_time_intervals [${muteTimeIntervals.join(', ')}]`] : []),
    ...(activeTimeIntervals.length > 0 ? [`active_time_intervals [${activeTimeIntervals.join(', ')}]`] : []),
    ...(digest ? [`digest at ${digest.times.map(timeOfDay).join(', ')} (${digest.zone})`] : []),
  ]
}

function timeOfDay(minutes: number): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
