import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Alert, Course } from '../../model/alert.ts'
import type { AlertInstance } from '../../model/alert-records.ts'
import { seriesKindOf } from '../rules/definition/kind-of.ts'
import type { Rule } from '../rules/definition/rule.ts'
import { type PastStore, untilAborted } from '../rules/samples/past.ts'
import { readCourse, spanOf } from './course-query.ts'

export type CoursesOptions = {
  /** Left out: nobody can look back. */
  readonly store?: PastStore | undefined
  readonly clock: Clock
  readonly log: Log
  readonly ruleOf: (name: string) => Rule | undefined
  readonly active: () => readonly AlertInstance[]
}

type Looked = Pick<AlertInstance, 'id' | 'rule' | 'labels'> & { readonly endedAtMs: number | null }

type Kept = {
  readonly rule: string
  readonly spanMs: number
  readonly course: Course
  /** Its values are those of the alert, which go on. */
  readonly isOwn: boolean
  endedAtMs: number | null
}

const everyMs = 60_000
/** The end of an alert is told within this time, unless its receiver is away for longer. */
const keepEndedForMs = 30 * 60_000
/** A store that takes longer is not waited for. */
const deadlineMs = 5000
const askAgainAfterMs = 10 * 60_000
/** In a storm of more the others go without. */
const waitingMax = 100
const keptMax = 1000

/**
 * How the values of alerts went before they fired, for messages that draw them.
 *
 * The store is asked once when an alert fires and once when it ended, one question at a time and each
 * with an end; meanwhile the clock adds the value. No message waits: what is not there is not drawn.
 */
export function createCourses({ store, clock, log, ruleOf, active }: CoursesOptions) {
  const kept = new Map<string, Kept>()
  const waiting: Looked[] = []
  const stopping = new AbortController()
  let isAsking = false
  let cancel = () => {}

  async function ask(alert: Looked, from: PastStore): Promise<void> {
    const rule = ruleOf(alert.rule)
    const drawn = rule && seriesKindOf(rule)?.drawn?.(rule.options)
    if (!rule || !drawn) return
    const slow = new AbortController()
    const cancelDeadline = clock.after(deadlineMs, () => slow.abort(new Error(`no answer within ${deadlineMs / 1000} s`)))
    const signal = AbortSignal.any([slow.signal, stopping.signal])
    try {
      const course = await untilAborted(readCourse({ rule, drawn, alert, store: from, nowMs: clock.now(), signal }), signal)
      if (!course) return
      const isOwn = drawn.instead === undefined
      keep(alert, { rule: rule.name, spanMs: spanOf(drawn), course, isOwn, endedAtMs: alert.endedAtMs })
    } catch (thrown) {
      log.debug({ err: thrown, rule: rule.name }, 'how the value of an alert went could not be read; its messages do not draw it')
    } finally {
      cancelDeadline()
    }
  }

  function keep({ id }: Looked, one: Kept): void {
    kept.set(id, one)
    if (kept.size > keptMax) kept.delete(kept.keys().next().value as string)
  }

  /** Looks back for an alert that begins to fire, or that ended. */
  function look({ id, rule, labels }: Omit<Looked, 'endedAtMs'>, endedAtMs: number | null): void {
    if (!store || waiting.length >= waitingMax) return
    waiting.push({ id, rule, labels, endedAtMs })
    if (!isAsking) void work(store)
  }

  async function work(from: PastStore): Promise<void> {
    isAsking = true
    for (let next = waiting.shift(); next && !stopping.signal.aborted; next = waiting.shift()) await ask(next, from)
    isAsking = false
  }

  /** Adds the values of now, and lets go of what nobody will be told of. */
  function tick(): void {
    cancel = clock.after(everyMs, tick)
    if (kept.size === 0) return
    const nowMs = clock.now()
    const instances = new Map(active().map((instance) => [instance.id, instance]))
    for (const [id, one] of kept) {
      const instance = instances.get(id)
      if (instance) goOn(one, instance, nowMs)
      else one.endedAtMs ??= nowMs
      if (one.endedAtMs !== null && nowMs - one.endedAtMs >= keepEndedForMs) kept.delete(id)
    }
  }

  /** The value of the alert is known without asking; what is drawn in its place is asked of the store again now and then. */
  function goOn(one: Kept, { id, rule, labels, value }: AlertInstance, nowMs: number): void {
    if (one.endedAtMs !== null) return
    if (one.isOwn && value !== null) kept.set(id, { ...one, course: further(one, nowMs, value) })
    else if (!one.isOwn && nowMs - (one.course.times.at(-1) ?? 0) >= Math.max(askAgainAfterMs, one.spanMs / 6))
      look({ id, rule, labels }, null)
  }

  return {
    /** Looks back for alerts that an earlier process left firing, too. */
    start(): void {
      for (const instance of active()) if (instance.firedAtMs !== null && instance.source === undefined) look(instance, null)
      tick()
    },
    look,
    /** The alert with how its value went up to now, as far as that is known. */
    drawn(alert: Alert): Alert {
      const one = kept.get(alert.id)
      if (!one) return alert
      const goesOn = one.isOwn && alert.state !== 'resolved' && alert.value !== null
      return { ...alert, course: goesOn ? further(one, clock.now(), alert.value) : one.course }
    },
    stop(): void {
      stopping.abort(new Error('the collector stops'))
      cancel()
    },
  }
}

function further({ course, spanMs }: Kept, nowMs: number, value: number): Course {
  const rows = course.times.flatMap((timeMs, index) => (timeMs >= nowMs - spanMs && timeMs < nowMs ? [index] : []))
  return {
    ...course,
    times: [...rows.map((index) => course.times[index] as number), nowMs],
    values: [...rows.map((index) => course.values[index] as number), value],
  }
}
