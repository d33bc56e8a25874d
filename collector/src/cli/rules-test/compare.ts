import type { AlertInstance } from '../../model/alert-records.ts'
import type { Over } from './replay-series.ts'
import type { Check } from './test-file.ts'

type Texts = Readonly<Record<string, string>>
export type Shown = { readonly labels: Texts; readonly annotations: Texts }

/** One alert that is not as expected. */
export type Mismatch =
  | { readonly what: 'different'; readonly expected: Shown; readonly got: Shown }
  /** With the alert of this rule that is likest it and does not fire, or else the one that is over, if there is one. */
  | { readonly what: 'lacking'; readonly expected: Shown; readonly nearest: AlertInstance | null; readonly over: Over | null }
  | { readonly what: 'unexpected'; readonly got: Shown; readonly value: number | null }

/** Need not be expected: every alert has the one, and the others are made for alerts that have none of their own. */
const optional = { labels: ['severity'], annotations: ['summary', 'state_reason'] } as const

/**
 * What is not as expected. Of those that are left, the likest are set beside one another, so that a
 * person sees the one label that differs and not two alerts.
 */
export function compareAlerts(
  { alertname, exp_alerts }: Check,
  { alerts, over }: { readonly alerts: readonly AlertInstance[]; readonly over: readonly Over[] },
): readonly Mismatch[] {
  const firing = alerts.filter(isFiring)
  const waiting = alerts.filter((alert) => !isFiring(alert))
  const lacking = exp_alerts.map(({ exp_labels, exp_annotations }) => ({
    labels: { alertname, ...exp_labels },
    annotations: exp_annotations,
  }))
  const pairs = pairUp(lacking, firing)
  return [
    ...pairs
      .filter(({ distance }) => distance > 0)
      .map(({ expected, alert }): Mismatch => ({ what: 'different', expected, got: reduced(alert, expected) })),
    ...lacking
      .filter((one) => !pairs.some(({ expected }) => expected === one))
      .map((expected): Mismatch => ({ what: 'lacking', expected, nearest: nearestOf(expected, waiting), over: nearestOf(expected, over) })),
    ...firing
      .filter((one) => !pairs.some(({ alert }) => alert === one))
      .map((alert): Mismatch => ({ what: 'unexpected', got: reduced(alert), value: alert.value })),
  ]
}

const isFiring = ({ state }: AlertInstance): boolean => state === 'firing' || state === 'recovering'

type Pair = { readonly expected: Shown; readonly alert: AlertInstance; readonly distance: number }

/** Equal ones first, then the likest of what is left. */
function pairUp(lacking: readonly Shown[], firing: readonly AlertInstance[]): readonly Pair[] {
  const all = lacking.flatMap((expected) => firing.map((alert) => ({ expected, alert, distance: distanceOf(expected, alert) })))
  const pairs: Pair[] = []
  for (const one of all.sort((a, b) => a.distance - b.distance)) {
    if (!pairs.some(({ expected, alert }) => expected === one.expected || alert === one.alert)) pairs.push(one)
  }
  return pairs
}

function nearestOf<Alert extends Shown>(expected: Shown, alerts: readonly Alert[]): Alert | null {
  return alerts.toSorted((a, b) => distanceOf(expected, a) - distanceOf(expected, b))[0] ?? null
}

/** In how many labels and annotations they differ. A label tells alerts apart, so it counts more. */
function distanceOf(expected: Shown, alert: Shown): number {
  const got = reduced(alert, expected)
  return 1000 * differing(expected.labels, got.labels).length + differing(expected.annotations, got.annotations).length
}

/** The names under which two groups of texts differ; to be empty and not to be there is the same. */
export function differing(expected: Texts, got: Texts): readonly string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(got)])
  return [...names].filter((name) => (expected[name] ?? '') !== (got[name] ?? '')).sort()
}

/** Without what nobody expects of an alert and is no mistake. */
function reduced({ labels, annotations }: Shown, expected?: Shown): Shown {
  const kept = (texts: Texts, free: readonly string[], wanted: Texts = {}): Texts =>
    Object.fromEntries(Object.entries(texts).filter(([name]) => !free.includes(name) || name in wanted))
  return {
    labels: kept(labels, optional.labels, expected?.labels),
    annotations: kept(annotations, optional.annotations, expected?.annotations),
  }
}
