import type { Difference, Outcome } from './differences.ts'
import type { Case } from './lines.ts'
import type { OurVerdict, Verdict } from './run.ts'
import { type Stored, storedOf, type Window } from './stored.ts'

type Run = {
  readonly cases: readonly Case[]
  readonly ours: readonly OurVerdict[]
  readonly theirs: readonly Verdict[]
  /** What lies in InfluxDB afterwards. */
  readonly found: ReadonlyMap<string, Stored>
  readonly window: Window
}

const none: Stored = new Set()

/** The cases of which the two made different things. */
export function findOutcomes({ cases, ours, theirs, found, window }: Run): Outcome[] {
  const kept = storedOf(
    ours.flatMap(({ points }) => points),
    window,
  )
  const ownerOf = createOwners(cases, ours, theirs)
  const onlyOurs = new Map<number, string[]>()
  const onlyTheirs = new Map<number, string[]>()
  for (const name of new Set([...found.keys(), ...kept.keys()])) {
    const [here, there] = [kept.get(name) ?? none, found.get(name) ?? none]
    add(
      onlyOurs,
      ownerOf(name),
      [...here].filter((value) => !there.has(value)),
    )
    add(
      onlyTheirs,
      ownerOf(name),
      [...there].filter((value) => !here.has(value)),
    )
  }
  return cases
    .map((one, id) => ({
      one,
      ours: ours[id] as OurVerdict,
      theirs: theirs[id] as Verdict,
      onlyOurs: onlyOurs.get(id) ?? [],
      onlyTheirs: onlyTheirs.get(id) ?? [],
    }))
    .filter((outcome) => outcome.ours.taken !== outcome.theirs.taken || outcome.onlyOurs.length + outcome.onlyTheirs.length > 0)
}

function add(lists: Map<number, string[]>, id: number, values: readonly string[]): void {
  if (values.length > 0) lists.set(id, [...(lists.get(id) ?? []), ...values])
}

/** Which case a measurement came from: the one whose points we kept, else one that only InfluxDB took and that spells the name. */
function createOwners(cases: readonly Case[], ours: readonly OurVerdict[], theirs: readonly Verdict[]): (name: string) => number {
  const owners = new Map(ours.flatMap(({ points }, id) => points.map(({ measurement }) => [measurement, id] as const)))
  const bare = (text: string) => text.replace(/\ufffd+/g, '\ufffd').replaceAll('\\', '')
  const disputed = cases.filter((_, id) => !ours[id]?.taken && (theirs[id]?.taken || theirs[id]?.text.includes('partial write')))
  const texts = disputed.map(({ id, body }) => ({ id, text: bare(body.toString()) }))
  return (name) => {
    const owner = owners.get(name) ?? texts.find(({ text }) => text.includes(bare(name)))?.id
    if (owner === undefined) throw new Error(`InfluxDB holds ${JSON.stringify(name)}, and no case spells it`)
    return owner
  }
}

/** For a person who looks into a failure. */
export function describeOutcome({ one, ours, theirs, onlyOurs, onlyTheirs }: Outcome): string {
  const body = JSON.stringify(one.body.toString('latin1'))
  const answers = `influxd ${theirs.status} ${theirs.text.trim()}, tidewatch ${ours.status} ${ours.text.trim()}`
  return `case ${one.id} (precision ${one.precision}) ${body}: ${answers}; only influxd: ${onlyTheirs.join()}; only tidewatch: ${onlyOurs.join()}`
}

/** The outcomes under the difference that explains each; under `undefined` those that nothing explains. */
export const sortOutcomes = (outcomes: readonly Outcome[], differences: readonly Difference[]) =>
  Map.groupBy(outcomes, (outcome) => differences.find(({ explains }) => explains(outcome))?.heading)
