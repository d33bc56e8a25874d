import { z } from 'zod'
import { toSeverity } from '../../alerts/severity.ts'
import type { Converted, Left, Part } from './converted.ts'
import { type Globals, theirReceiver, toReceivers } from './receivers.ts'

const names = z.array(z.string()).optional()
const tests = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).optional()
const interval = z.looseObject({ name: z.string() })
const inhibition = z.looseObject({
  source_match: tests,
  source_match_re: tests,
  source_matchers: names,
  target_match: tests,
  target_match_re: tests,
  target_matchers: names,
  equal: names,
})

type TheirRoute = {
  receiver?: string
  match?: Record<string, string>
  match_re?: Record<string, string>
  matchers?: string[]
  routes?: TheirRoute[]
  [setting: string]: unknown
}

const theirRoute: z.ZodType<TheirRoute> = z.looseObject({
  receiver: z.string().optional(),
  match: tests,
  match_re: tests,
  matchers: names,
  get routes() {
    return z.array(theirRoute).optional()
  },
})

/** Alertmanager's own configuration. */
export const alertmanagerFileSchema = z.looseObject({
  global: z.looseObject({}).default({}),
  route: theirRoute,
  receivers: z.array(theirReceiver).default([]),
  inhibit_rules: z.array(inhibition).default([]),
  time_intervals: z.array(interval).default([]),
  mute_time_intervals: z.array(interval).default([]),
  templates: names,
})

/** Settings of a route that are the same here. */
const sameOnRoutes = [
  ...['group_by', 'group_wait', 'group_interval', 'repeat_interval'],
  ...['continue', 'mute_time_intervals', 'active_time_intervals'],
]

/** Receivers, routes, inhibitions and time intervals of ours from a configuration of Alertmanager. */
export function fromAlertmanager(file: z.output<typeof alertmanagerFileSchema>): Converted {
  const left: Left[] = []
  const ours = new Map<string, readonly string[]>()
  const receivers = file.receivers.flatMap((theirs, index) => {
    const made = toReceivers(theirs, file.global as Globals)
    for (const one of made.left) left.push({ path: ['receivers', index, ...one.path], what: theirs.name, why: one.why })
    ours.set(
      theirs.name,
      made.parts.map(({ value }) => String(value.name)),
    )
    return made.parts
  })
  if (file.templates && file.templates.length > 0)
    left.push({
      path: ['templates'],
      what: 'templates',
      why: "messages are Tidewatch's own; what they say of an alert is in the annotations of its rule",
    })
  const route = toRoute(file.route, ours, true)
  return {
    parts: {
      receivers,
      route: { value: route, notes: [] },
      inhibit_rules: file.inhibit_rules.map(toInhibition),
      time_intervals: [...file.time_intervals, ...file.mute_time_intervals].map((value): Part => ({ value, notes: [] })),
    },
    left,
  }
}

function toRoute(theirs: TheirRoute, ours: ReadonlyMap<string, readonly string[]>, isRoot: boolean): Record<string, unknown> {
  const matchers = [
    ...toMatchers(theirs.match, '='),
    ...toMatchers(theirs.match_re, '=~'),
    ...(theirs.matchers ?? []).flatMap(splitMatchers),
  ]
  const receiver = theirs.receiver === undefined ? undefined : (ours.get(theirs.receiver) ?? [theirs.receiver])
  return {
    // A child without matchers takes everything there.
    ...(!isRoot && { matchers: matchers.length > 0 ? matchers.map(inOurSeverities) : ['alertname=~".*"'] }),
    ...(receiver && { receiver: receiver.length === 1 ? receiver[0] : receiver }),
    // Without it Alertmanager tells everything together; here each rule would be by itself.
    ...(isRoot && { group_by: [] }),
    ...Object.fromEntries(sameOnRoutes.flatMap((key) => (theirs[key] === undefined ? [] : [[key, theirs[key]]]))),
    ...(theirs.routes && theirs.routes.length > 0 && { routes: theirs.routes.map((child) => toRoute(child, ours, false)) }),
  }
}

function toInhibition(theirs: z.output<typeof inhibition>): Part {
  const side = (which: 'source' | 'target') =>
    [
      ...toMatchers(theirs[`${which}_match`], '='),
      ...toMatchers(theirs[`${which}_match_re`], '=~'),
      ...(theirs[`${which}_matchers`] ?? []).flatMap(splitMatchers),
    ].map(inOurSeverities)
  return {
    value: { source_matchers: side('source'), target_matchers: side('target'), ...(theirs.equal && { equal: theirs.equal }) },
    notes: [],
  }
}

function toMatchers(given: Readonly<Record<string, string>> | undefined, operator: '=' | '=~'): readonly string[] {
  return Object.entries(given ?? {}).map(([label, value]) => `${label}${operator}${JSON.stringify(value)}`)
}

/** `{a="b", c=~"d|e"}` is two. */
function splitMatchers(text: string): readonly string[] {
  const inner = text.trim().replace(/^\{(.*)\}$/s, '$1')
  return inner.match(/(?:"(?:[^"\\]|\\.)*"|[^",])+/g)?.map((one) => one.trim()) ?? []
}

/** A severity is always one of ours, so a matcher that waits for another word would wait for ever. */
function inOurSeverities(matcher: string): string {
  return matcher.replace(/^severity\s*(=~|!~|!=|=)\s*"?([\w|]+)"?$/, (_, operator: string, words: string) => {
    const ours = words.split('|').map((word) => toSeverity(word) ?? word)
    return `severity${operator}"${[...new Set(ours)].join('|')}"`
  })
}
