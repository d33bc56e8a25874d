import { isUtf8 } from 'node:buffer'
import type { Case } from './lines.ts'
import type { OurVerdict, Verdict } from './run.ts'

/** What both made of one case. */
export type Outcome = {
  readonly one: Case
  readonly ours: OurVerdict
  readonly theirs: Verdict
  /** Values that only one of them stored. */
  readonly onlyOurs: readonly string[]
  readonly onlyTheirs: readonly string[]
}

/** A difference that is meant. */
export type Difference = {
  /** A heading of docs/decisions/line-protocol.md, where the reason stands. */
  readonly heading: string
  explains(outcome: Outcome): boolean
}

const textOf = ({ one }: Outcome) => one.body.toString('latin1')
const weRefuse = ({ ours }: Outcome, reason: RegExp) => !ours.taken && reason.test(ours.text)
const theyRefuse = ({ theirs }: Outcome, reason: RegExp) => !theirs.taken && reason.test(theirs.text)

/** A measurement of another case made InfluxDB write an index that it cannot read itself. */
const isPoisoned = ({ status, text }: Verdict) => status === 500 && text.includes('contains invalid UTF-8')

/** Where Tidewatch and InfluxDB 1.6.7 part, and why. The first that explains an outcome counts. */
export const differences: readonly Difference[] = [
  { heading: 'Invalid UTF-8', explains: ({ one, theirs }) => !isUtf8(one.body) || isPoisoned(theirs) },
  { heading: 'Control character in a name', explains: (outcome) => weRefuse(outcome, /control character in a name/) },
  { heading: 'Carriage return', explains: (outcome) => textOf(outcome).includes('\r') },
  { heading: 'Unsigned integer', explains: (outcome) => /\du/.test(textOf(outcome)) && theyRefuse(outcome, /invalid number/) },
  { heading: 'Equals sign in a measurement', explains: (outcome) => /\\=/.test(textOf(outcome)) && outcome.onlyTheirs.length === 0 },
  {
    heading: 'Equals sign at the start of a tag value',
    explains: (outcome) => outcome.onlyTheirs.length === 0 && /==/.test(textOf(outcome)) && weRefuse(outcome, /missing tag value/),
  },
  { heading: 'A field called `time`', explains: (outcome) => weRefuse(outcome, /input field \\?"time\\?" on/) },
  { heading: 'A tag called `time`', explains: (outcome) => theyRefuse(outcome, /input tag \\?"time\\?" on/) },
  { heading: 'Backslash before a quote in a field key', explains: (outcome) => /\\"/.test(textOf(outcome)) && isSame(outcome) },
  { heading: 'Text behind a closing quote', explains: (outcome) => weRefuse(outcome, /unbalanced quotes/) },
  { heading: 'Quote in a comment', explains: (outcome) => /#[^\n]*"/.test(textOf(outcome)) && outcome.theirs.taken },
]

/** Both took as many values, under names that differ in a backslash alone. */
function isSame({ onlyOurs, onlyTheirs }: Outcome): boolean {
  const plain = (values: readonly string[]) => values.map((value) => value.replaceAll('\\', '')).sort()
  return onlyOurs.length > 0 && plain(onlyOurs).join() === plain(onlyTheirs).join()
}
