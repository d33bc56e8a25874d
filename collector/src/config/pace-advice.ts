import { seriesKindOf } from '../alerts/rules/definition/kind-of.ts'
import type { Rule } from '../alerts/rules/definition/rule.ts'
import type { SampleSelector } from '../alerts/rules/samples/samples.ts'
import { formatDuration } from '../lib/duration.ts'
import { counted } from '../lib/words.ts'
import type { Config } from './config.ts'

type Paced = Pick<Config, 'rules' | 'sources' | 'components'>

/** How often something comes that we fetch ourselves, and who fetches it. Of what others push nothing is known before. */
type Pace = { readonly everyMs: number; readonly by: string }

/** What is looked at here of a source; the rest is its own. */
type Fetched = { readonly type: string; readonly interval: number; readonly gather?: readonly string[]; readonly job?: string }

/** Measurements that the host source reads along with one that is named in `gather`. */
const readWith: Readonly<Record<string, string>> = { swap: 'mem', processes: 'system', kernel: 'system' }
/** What is stored of every scrape, whatever the page says. */
const ofEveryScrape = /^(up|scrape_.+)$/
/** Kinds whose `min_samples` are samples, not requests or observations. */
const countSamples: ReadonlySet<string> = new Set(['threshold', 'levels', 'changed', 'compare', 'deployment', 'anomaly', 'forecast'])
/** As many samples as a window should have, so that one that comes late or not at all does not empty it. */
const samplesWanted = 3

/** Rules that look more closely than their samples come, where that is known. */
export function adviceOnPace({ rules, ...fetched }: Paced): string[] {
  return rules.flatMap((rule) => {
    const kind = seriesKindOf(rule)
    if (!kind) return []
    const paces = kind.inputs(rule.options).selectors.flatMap((selector) => paceOf(selector, fetched) ?? [])
    const [slowest] = paces.sort((a, b) => b.everyMs - a.everyMs)
    const windowMs = kind.drawn?.(rule.options).windowMs ?? kind.words(rule.options).windowMs
    return slowest ? adviceFor(rule, windowMs, slowest).map((advice) => `rule "${rule.name}": ${advice}`) : []
  })
}

function adviceFor(rule: Rule, windowMs: number, { everyMs, by }: Pace): string[] {
  const [every, window] = [formatDuration(everyMs), formatDuration(windowMs)]
  const tooShort =
    windowMs < everyMs
      ? [
          `its window of ${window} is empty most of the time, for ${by} every ${every}; write ${formatDuration(samplesWanted * everyMs)} or more`,
        ]
      : []
  const unproved =
    rule.forMs > 0 && rule.forMs < everyMs
      ? [
          `its \`for\` of ${formatDuration(rule.forMs)} is over before another sample comes, for ${by} every ${every}: one alone makes it fire`,
        ]
      : []
  const most = Math.floor(windowMs / everyMs) + 1
  const isEach = seriesKindOf(rule)?.inputs(rule.options).groupBy === null
  const tooMany =
    countSamples.has(rule.kind) && isEach && windowMs >= everyMs && rule.minSamples > most
      ? [
          `it never has the ${counted(rule.minSamples, 'sample')} of min_samples, for ${by} every ${every}: a window of ${window} holds ${most} at most`,
        ]
      : []
  return [...tooShort, ...unproved, ...tooMany]
}

/** The slowest of those who may bring a sample of it. */
function paceOf({ measurement, where }: SampleSelector, { sources, components }: Omit<Paced, 'rules'>): Pace | undefined {
  const fixed = (tag: string) => where.find((filter) => filter.tag === tag && filter.op === '=')?.value
  const [component, job] = [fixed('component'), fixed('job')]
  const checks = components
    .filter(({ name }) => measurement === 'health' && (component === undefined || component === name))
    .map(({ name, interval }) => ({ everyMs: interval, by: `"${name}" is checked` }))
  const reads = (sources as unknown as readonly Fetched[]).flatMap((source): Pace[] => {
    if (source.type === 'self' && measurement === 'tidewatch_collector')
      return [{ everyMs: source.interval, by: 'the source self reads it' }]
    if (source.type === 'host' && source.gather?.includes(readWith[measurement] ?? measurement))
      return [{ everyMs: source.interval, by: `the source host reads ${measurement}` }]
    const isScraped = source.type === 'scrape' && (job === undefined ? ofEveryScrape.test(measurement) : job === source.job)
    return isScraped ? [{ everyMs: source.interval, by: `the job "${source.job}" is scraped` }] : []
  })
  return [...checks, ...reads].sort((a, b) => b.everyMs - a.everyMs)[0]
}
