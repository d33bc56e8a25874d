import { counted } from '../../lib/words.ts'
import { type Alert, type Mover, noClearCause } from '../../model/alert.ts'
import { type Fact, shownAt } from './fact.ts'

/** What is known of the cause of an alert, as names and texts. It is what came before, not a proof, and says so. */
export function causeFacts({ cause, labels, state }: Pick<Alert, 'cause' | 'labels' | 'state'>): Fact[] {
  if (!cause) return []
  const { summary, commits, commitsUrl, rollback, moved, seriesSearched = 0 } = cause
  const movers = moved?.map((mover) => moverText(mover, labels)).join('; ')
  const searched = `${seriesSearched} series searched`
  if (summary === noClearCause && !movers) return [{ name: 'Cause', text: `${noClearCause} (${searched})` }]
  return [
    ...(summary === noClearCause ? [] : [{ name: 'Changed before', text: summary }]),
    // Of what is over nothing has to be undone.
    ...(rollback && state !== 'resolved' ? [{ name: 'Roll back with', text: rollback, isCommand: true }] : []),
    ...(commits ? [{ name: 'Commits', text: commits, ...shownAt(commitsUrl) }] : []),
    ...(moved ? [{ name: 'Moved first', text: movers || `no metric did clearly (${searched})` }] : []),
  ]
}

/** The same in one text, for a receiver that has room for one. */
export function causeText(alert: Pick<Alert, 'cause' | 'labels' | 'state'>): string | undefined {
  const facts = causeFacts(alert)
  return facts.length === 0 ? undefined : facts.map(({ name, text }) => (name === 'Cause' ? text : `${name}: ${text}`)).join('. ')
}

/** `queue.depth (queue=orders) rose 90 s before, 12 → 240, 366 samples`. */
function moverText({ metric, labels, direction, leadMs, before, after, samples }: Mover, known: Alert['labels']): string {
  const own = Object.entries(labels).filter(([name, value]) => known[name] !== value)
  const where = own.length > 0 ? ` (${own.map(([name, value]) => `${name}=${value}`).join(', ')})` : ''
  return `${metric}${where} ${direction} ${Math.round(leadMs / 1000)} s before, ${figure(before)} → ${figure(after)}, ${counted(samples, 'sample')}`
}

const figure = (value: number): string => String(Number(value.toPrecision(3)))
