import { formatDuration } from '../../lib/duration.ts'
import type { Severity } from '../../model/alert.ts'
import type { ChangeNews } from '../../model/change-notice.ts'
import type { Deployment, DeploymentStatus } from '../../model/deployment.ts'
import { type Fact, type Link, linkTo, shownAt } from './fact.ts'
import type { Message } from './message.ts'
import { trim, trimFact } from './trim.ts'

type Look = { readonly word: string; readonly icon: string; readonly color: string; readonly severity: Severity; readonly ended: boolean }

const looks: Readonly<Record<DeploymentStatus, Look>> = {
  running: { word: 'STARTED', icon: '🚀', color: '1f60c4', severity: 'info', ended: false },
  succeeded: { word: 'SUCCEEDED', icon: '✅', color: '1a7f37', severity: 'info', ended: true },
  failed: { word: 'FAILED', icon: '🔴', color: 'c4162a', severity: 'high', ended: false },
  rolled_back: { word: 'ROLLED BACK', icon: '🟠', color: 'c2410c', severity: 'warning', ended: false },
  cancelled: { word: 'CANCELLED', icon: '⚪', color: '5a6070', severity: 'info', ended: false },
}

/** How a change stands, in words; a verdict on what goes on is told as one. */
export function toChangeMessage(news: ChangeNews, { textMax = 1000 }: { textMax?: number } = {}): Message {
  const { change, externalUrl } = news
  const look = lookOf(news)
  const headline = trim(headlineOf(news), textMax)
  const board: Link = { text: 'Open in Tidewatch', url: `${externalUrl.replace(/\/+$/, '')}/d/tidewatch-deployments` }
  return {
    ...look,
    title: trim(`${news.test ? 'TEST · ' : ''}${look.word}: ${headline}`, textMax),
    lede: trim((change.reason ?? verdictText(news) ?? '').replace(/\s+/g, ' '), textMax),
    test: news.test ?? false,
    entries: [
      {
        ...look,
        headline,
        facts: factsOf(news).map((fact) => trimFact(fact, textMax)),
        links: linkTo('Details', change.url),
        course: null,
      },
    ],
    single: true,
    more: null,
    links: [board],
    url: board.url,
    reason: news.test ? 'test' : 'this receiver is told of deployments',
    advice: null,
  }
}

/** Whether people should look up: something went wrong. */
export const isBad = ({ change, verdicts, moment }: ChangeNews): boolean =>
  moment === change.status ? moment === 'failed' || moment === 'rolled_back' : verdicts.at(-1)?.passed === false

function lookOf({ change, moment, verdicts }: ChangeNews): Look {
  const look = looks[change.status]
  const verdict = verdicts.at(-1)
  if (moment === change.status || !verdict) return look
  const name = verdict.name.toUpperCase()
  return verdict.passed ? { ...look, word: `${name} PASSED`, icon: '🟢' } : { ...looks.failed, word: `${name} FAILED` }
}

/** `shop 1.4.1 → 1.4.2 to production by jane, after 3m10s`. */
function headlineOf({ change, durationMs }: ChangeNews): string {
  const by = change.actor ? ` by ${change.actor}` : ''
  const took = durationMs === null ? '' : `, after ${formatDuration(Math.max(1, Math.round(durationMs / 1000)) * 1000)}`
  return `${subjectOf(change)}${by}${took}`.replace(/\s+/g, ' ')
}

function subjectOf({ kind, service, environment, name, version, previousVersion, status }: Deployment): string {
  const versions = previousVersion === null || previousVersion === version ? version : `${previousVersion} → ${version}`
  if (kind === 'deployment' && status === 'rolled_back')
    return `${service} ${version}${previousVersion === null ? '' : ` back to ${previousVersion}`} in ${environment}`
  if (kind === 'deployment') return `${service} ${versions} to ${environment}`
  return `${kind === 'flag' ? 'flag' : 'setting'} ${name ?? ''} of ${service} in ${environment}: ${versions}`
}

function factsOf({ change, verdicts, commits, rollback }: ChangeNews): Fact[] {
  const { steps, status, startedAt } = change
  const judged = new Set(verdicts.map(({ name }) => name))
  const failures = steps.filter((step) => step.status === 'failed' && !judged.has(step.name))
  return [
    // What is undone already needs no command.
    ...(rollback && status !== 'rolled_back' ? [{ name: 'Roll back with', text: rollback, isCommand: true }] : []),
    ...(commits ? [{ name: 'Commits', text: commits.text, ...shownAt(commits.url) }] : []),
    ...verdicts
      .slice(-listedMax)
      .map(({ name, passed, message }) => ({ name: 'Verdict', text: said(`${name} ${passed ? 'passed' : 'failed'}`, message) })),
    ...failures.slice(0, listedMax).map(({ name, message }) => ({ name: 'Failed step', text: said(name, message) })),
    ...(failures.length > listedMax ? [{ name: 'Failed steps', text: `and ${failures.length - listedMax} more` }] : []),
    { name: 'Began', text: `${startedAt.slice(0, 10)} ${startedAt.slice(11, 19)} UTC` },
  ]
}

/** Of verdicts and of failed steps, each. */
const listedMax = 5

/** What the verdict says that is news. */
function verdictText({ change, moment, verdicts }: ChangeNews): string | null | undefined {
  return moment === change.status ? undefined : verdicts.at(-1)?.message
}

const said = (what: string, message: string | null): string => (message ? `${what}: ${message}` : what)
