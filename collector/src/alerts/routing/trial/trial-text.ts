import { DateTime } from 'luxon'
import { formatDuration } from '../../../lib/duration.ts'
import type { Tags } from '../../../model/point.ts'
import { matcherText } from '../tree/matcher.ts'
import { aheadMs, type Climbed } from './times.ts'
import { drawTree, headOf, matchersOf } from './tree-text.ts'
import type { Inhibitor, Outcome, Taken, Trial } from './trial.ts'

/** Adds colour to words, where the output shows it. */
export type Style = (format: 'bold' | 'dim' | 'green' | 'yellow', text: string) => string

/** What would become of an alert, for people. */
export function toTrialText(trial: Trial, style: Style): string {
  const { labels, atMs, taken, inhibitedWhile, silencedBy } = trial
  const held = [
    ...silencedBy.map((id) => `silence ${id} covers it: nobody is told while that lasts`),
    ...inhibitedWhile.map((inhibitor) => `nobody is told ${whileText(inhibitor)}`),
  ]
  return [
    `${labelsText(labels) || 'An alert without labels'}, firing from ${timeText(atMs)}`,
    '',
    ...treeOf(trial, style),
    '',
    `Told: ${style('bold', trial.receivers.join(', '))}`,
    ...taken.flatMap((one) => ['', ...takenText(one).map((line, index) => (index === 0 ? line : `  ${line}`))]),
    ...(held.length > 0 ? ['', 'What may hold it back:', ...held.map((line) => `  ${line}`)] : []),
  ].join('\n')
}

function treeOf({ outcomes, labels, taken }: Trial, style: Style): readonly string[] {
  const root = [...outcomes.keys()][0]
  if (!root) return []
  return drawTree(root, (route) => {
    const outcome = outcomes.get(route) ?? 'not asked'
    const missed = outcome === 'does not match' ? route.matchers.filter((matcher) => !matcher.matches(labels)) : []
    const without = missed.map(({ label }) => `${label} is ${labels[label] === undefined ? 'not there' : JSON.stringify(labels[label])}`)
    const isTaken = taken.some((one) => one.route === route)
    return [`${isTaken ? style('green', headOf(route)) : headOf(route)}: ${outcomeText(outcome, [...new Set(without)], style)}`]
  })
}

function outcomeText(outcome: Outcome, why: readonly string[], style: Style): string {
  if (outcome === 'tells') return style('bold', 'tells')
  if (outcome === 'passes on') return 'matches, a route below takes it'
  return style('dim', outcome === 'not asked' ? 'not asked, one before it takes the alert' : `does not match, ${why.join(', ')}`)
}

function takenText({ route, groupLabels, lookMs, firstMs, mute, zones, escalation }: Taken): readonly string[] {
  const { receivers, digest, groupBy, repeatIntervalMs, groupIntervalMs, groupWaitMs, sendResolved } = route
  const company = groupBy.includes('...')
    ? 'alone, for group_by is [...]'
    : `together with others of ${labelsText(groupLabels) || 'this route'}; news of them every ${formatDuration(groupIntervalMs)} at most`
  const rhythm = digest
    ? ['in one message with all that gathered']
    : [company, `again every ${formatDuration(repeatIntervalMs)} while it fires`, `its end is ${sendResolved ? '' : 'not '}told`]
  const why = digest ? 'the digest is due' : `group_wait ${formatDuration(groupWaitMs)}`
  const late = mute
    ? [
        `mute at ${timeText(lookMs)}: it is ${mute.because === 'mute' ? 'within mute' : 'outside active'}_time_intervals ${mute.names.join(', ')} (${zonesText(zones, lookMs)})`,
      ]
    : []
  return [
    `${receivers.join(', ')} (${matchersOf(route)}):`,
    firstMs === null ? `not told within ${formatDuration(aheadMs)}` : `told at ${timeText(firstMs)}${mute ? '' : ` (${why})`}`,
    ...late,
    ...rhythm,
    ...(escalation ? escalationText(escalation) : []),
  ]
}

function escalationText({ name, steps, handOff }: NonNullable<Taken['escalation']>): readonly string[] {
  const step = ({ receivers, atMs, isDelayed }: Climbed) =>
    `  ${atMs === null ? 'never' : timeText(atMs)}  ${receivers.join(', ')}${isDelayed ? ', after quiet_hours' : ''}`
  return [
    `escalation ${name}, until somebody takes it:`,
    ...steps.map(step),
    ...(handOff.length > 0 ? [`  at its end: ${handOff.join(', ')}`] : []),
  ]
}

function whileText({ sourceMatchers, equal, isOnBothSides }: Inhibitor): string {
  const same = Object.entries(equal).map(([name, value]) => (value === '' ? `without ${name}` : `with ${name}=${value}`))
  const other = isOnBothSides ? 'another alert that is not itself a target of the rule' : 'an alert'
  return `while ${other} fires that matches ${[sourceMatchers.join(', '), ...same].join(', ')}`
}

const labelsText = (labels: Tags): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${/^[^\s"=,]+$/.test(value) ? value : JSON.stringify(value)}`)
    .join(' ')

/** By the machine's zone, with its offset. */
const timeText = (ms: number): string => DateTime.fromMillis(ms).toISO({ suppressMilliseconds: true, precision: 'second' }) ?? ''

/** What the clocks show where the intervals are. */
function zonesText(zones: readonly string[], ms: number): string {
  return zones
    .map((zone) => `${DateTime.fromMillis(ms, { zone }).toFormat('ccc HH:mm')} in ${zone === 'system' ? 'Local' : zone}`)
    .join('; ')
}

/** The same for programs. */
export function toTrialJson(trial: Trial): object {
  const { labels, atMs, outcomes, receivers, taken, inhibitedWhile, silencedBy } = trial
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  return {
    ...{ labels, at: at(atMs), receivers },
    routes: [...outcomes].map(([route, outcome]) => ({
      path: route.path || '/',
      matchers: route.matchers.map(matcherText),
      ...{ receivers: route.receivers, continue: route.continue, outcome },
    })),
    told: taken.map(({ route, groupLabels, lookMs, firstMs, mute, zones, escalation }) => ({
      route: route.path || '/',
      ...{ receivers: route.receivers, groupBy: route.groupBy, groupLabels, isDigest: route.digest !== null },
      ...{ firstLookAt: at(lookMs), firstToldAt: at(firstMs) },
      mute: mute && { because: mute.because, timeIntervals: mute.names, zones },
      ...{ groupIntervalMs: route.groupIntervalMs, repeatIntervalMs: route.repeatIntervalMs, sendResolved: route.sendResolved },
      escalation: escalation && {
        ...{ name: escalation.name, handOff: escalation.handOff },
        steps: escalation.steps.map((step) => ({ receivers: step.receivers, at: at(step.atMs), afterQuietHours: step.isDelayed })),
      },
    })),
    ...{ inhibitedWhile, silencedBy },
  }
}
