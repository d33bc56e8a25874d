import type { Tags } from '../../model/point.ts'
import type { Silence } from '../../model/silence.ts'
import { allMatch, type Matcher } from '../routing/tree/matcher.ts'
import { createAnchors } from './anchors.ts'
import { stateOf } from './silence.ts'

type Entry = {
  silence: Silence
  readonly tests: readonly Matcher[]
  /** Its place among the others, which it keeps when it is changed. */
  readonly place: number
  /** Entries are numbered as they come in: who has seen the last one has seen all. */
  readonly version: number
  isOut: boolean
}

type Seen = { readonly version: number; readonly matching: readonly Entry[] }

/** Silences that ended are looked for and let go this often, that is, not looked at for new alerts. */
const sweepEveryMs = 60_000
/** More that came since the last look are found by what they ask for, not tried one by one. */
const triedOneByOneMax = 100

const nothing: readonly Entry[] = []

/**
 * Finds the silences of an alert without trying all of them: a silence that asks for certain values of a label,
 * or beginnings of them, is kept under those, and what matches a set of labels is remembered with it, so that the next look tries only
 * what came since. Whether one is active is asked of the time at each look.
 */
export function createSilenceIndex() {
  const known = new Map<string, Entry>()
  const anchors = createAnchors<Entry>()
  let log: Entry[] = []
  const seen = new WeakMap<Tags, Seen>()
  let [version, places] = [0, 0]
  /** The time of the last sweep; what ended before is not in here. */
  let sweptMs = Number.NEGATIVE_INFINITY

  function add(silence: Silence, tests: readonly Matcher[], place: number): void {
    const entry = { silence, tests, place, version: ++version, isOut: false }
    anchors.keep(entry)
    log.push(entry)
    known.set(silence.id, entry)
  }

  /** It stays known, for the time may be set back. */
  function takeOut(entry: Entry): void {
    entry.isOut = true
    anchors.drop(entry)
    if (log.length > 2 * (known.size + triedOneByOneMax)) log = log.filter(({ isOut }) => !isOut)
  }

  function sweep(nowMs: number): void {
    if (nowMs < sweptMs) {
      for (const entry of [...known.values()])
        if (entry.isOut && entry.silence.endsAtMs > nowMs) add(entry.silence, entry.tests, entry.place)
    } else if (nowMs - sweptMs < sweepEveryMs) return
    sweptMs = nowMs
    for (const entry of known.values()) if (!entry.isOut && entry.silence.endsAtMs <= nowMs) takeOut(entry)
  }

  function matching(labels: Tags): readonly Entry[] {
    const before = seen.get(labels)
    if (before?.version === version) return before.matching
    const since = before ? laterThan(before.version) : undefined
    const covers = ({ isOut, tests }: Entry) => !isOut && allMatch(tests, labels)
    const found =
      before && since
        ? [...before.matching.filter(({ isOut }) => !isOut), ...since.filter(covers)]
        : [...anchors.under(labels)].filter(covers)
    const matching = found.length === 0 ? nothing : found.sort((a, b) => a.place - b.place)
    seen.set(labels, { version, matching })
    return matching
  }

  /** What came after a version; undefined when that is too much to be tried one by one. */
  function laterThan(than: number): readonly Entry[] | undefined {
    let from = log.length
    while (from > 0 && (log[from - 1]?.version ?? 0) > than && log.length - from <= triedOneByOneMax) from--
    return log.length - from > triedOneByOneMax ? undefined : log.slice(from)
  }

  return {
    /** Takes a silence, or the change of one; `tests` are its matchers. */
    put(silence: Silence, tests: readonly Matcher[]): void {
      const before = known.get(silence.id)
      if (before && !before.isOut && isSame(before.silence, silence)) {
        before.silence = silence
        return
      }
      if (before) takeOut(before)
      add(silence, tests, before?.place ?? ++places)
    },
    delete(id: string): void {
      const entry = known.get(id)
      if (entry) takeOut(entry)
      known.delete(id)
    },
    /** The ids of the active silences that cover an alert, in the order in which they were first put. */
    covering(labels: Tags, nowMs: number): readonly string[] {
      sweep(nowMs)
      return matching(labels).flatMap(({ silence, isOut }) => (!isOut && stateOf(silence, nowMs) === 'active' ? [silence.id] : []))
    },
  }
}

function isSame(a: Silence, b: Silence): boolean {
  return a.matchers === b.matchers || JSON.stringify(a.matchers) === JSON.stringify(b.matchers)
}
