import { createHash } from 'node:crypto'
import { formatDuration } from '../../lib/duration.ts'
import { counted } from '../../lib/words.ts'
import { type Alert, noClearCause, severities } from '../../model/alert.ts'
import { alertValue } from '../../model/alert-value.ts'

const style = `
:root { color-scheme: light dark; --back: #f4f5f5; --card: #fff; --text: #24292e; --soft: #57606a; --line: #d0d7de; --act: #1f60c4; --act-text: #fff }
@media (prefers-color-scheme: dark) { :root { --back: #111217; --card: #181b1f; --text: #d8d9e3; --soft: #9fa7b3; --line: #35383f; --act: #6e9fff; --act-text: #10131a } }
* { box-sizing: border-box }
body { margin: 0; padding: 24px 16px; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 640px; margin: 0 auto; padding: 24px; background: var(--card); border: 1px solid var(--line); border-radius: 8px }
h1 { margin: 0 0 4px; font-size: 22px; line-height: 1.3 }
p { margin: 0 0 16px } .soft { color: var(--soft) }
ul { list-style: none; margin: 0 0 20px; padding: 0 } li { padding: 12px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere }
.head { font-weight: 600 } .cause { font-size: 14px } .labels { color: var(--soft); font-size: 14px; overflow-wrap: anywhere }
label { display: block; margin: 0 0 4px; font-weight: 600 }
input, select, button { width: 100%; min-height: 44px; margin: 0 0 16px; padding: 8px 12px; font: inherit; color: inherit; background: var(--back); border: 1px solid var(--soft); border-radius: 6px }
button { margin: 4px 0 0; background: var(--act); border-color: var(--act); color: var(--act-text); font-weight: 600; cursor: pointer }
button.second { margin-top: 12px; background: transparent; color: var(--act) }
form { margin: 0 0 20px } summary { min-height: 44px; padding: 10px 0; cursor: pointer } code { font-size: 13px } main > p:last-child { margin: 0 }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px } a { color: var(--act) }
`

/** Nothing runs on this page and nothing is loaded: its one style is named by its hash. */
export const acknowledgePagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const icons = { critical: '🔴', high: '🟠', warning: '🟡', info: '🔵' } as const

/** What a link in a notification shows: the alerts, and a form that takes them. Looking at it changes nothing. */
export function acknowledgePage(alerts: readonly Alert[], nowMs: number): string {
  const open = alerts.filter(({ acknowledgedBy }) => acknowledgedBy === null)
  if (alerts.length === 0) return page('Nothing fires here any more', '<p class="soft">The alerts of this notification have ended.</p>')
  const sorted = alerts.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))
  const list = listOf(sorted.slice(0, firstMax), nowMs)
  const rest = restOf(sorted.slice(firstMax), nowMs)
  if (open.length === 0) return page(alerts.length === 1 ? 'This alert is taken' : 'These alerts are taken', list + rest)
  const title = open.length === 1 ? 'Take this alert?' : `Take these ${open.length} alerts?`
  return page(
    title,
    `<p class="soft">Acknowledged, repeats and escalation stop until it gets worse, another joins or the time is over. Silenced, nobody hears of these alerts for that time, a day at most.</p>${list}${form(open.length)}${rest}`,
  )
}

/** So many stand above the form: who is woken must not scroll past hundreds to reach it. */
const firstMax = 3
/** And so many below, when somebody wants to see them. */
const restMax = 100

const listOf = (alerts: readonly Alert[], nowMs: number): string => `<ul>${alerts.map((alert) => item(alert, nowMs)).join('')}</ul>`

function restOf(alerts: readonly Alert[], nowMs: number): string {
  if (alerts.length === 0) return ''
  const unseen = alerts.length - restMax
  const more = unseen > 0 ? `<p class="soft">… and ${unseen} more, which the panel shows.</p>` : ''
  const title = counted(alerts.length, 'more alert')
  return `<details><summary>${title}</summary>${listOf(alerts.slice(0, restMax), nowMs)}${more}</details>`
}

export function acknowledgedPage(taken: readonly Alert[], actor: string): string {
  const what = taken.length === 1 ? 'The alert is' : `${taken.length} alerts are`
  return page('Taken', `<p>${what} yours, ${escaped(actor)}. You are told when it gets worse, when another joins, and when it is over.</p>`)
}

export function silencedPage(silenced: readonly Alert[], until: string): string {
  const what = silenced.length === 1 ? 'The alert tells' : `${silenced.length} alerts tell`
  return page(
    'Silenced',
    `<p>${what} nobody until ${escaped(until.slice(0, 16).replace('T', ' '))} UTC, also of its end. The panel shows and ends silences.</p>`,
  )
}

export const maySilence = (count: number): boolean => count <= silencedMax

export function refusedPage(sentence: string, title: string): string {
  return page(title, `<p>${escaped(sentence)}</p>`)
}

/** With more than this a silence of its own for each would be a heap of them. */
const silencedMax = 20

/** Acknowledging comes first in the form, so it is what Enter does. */
const form = (count: number): string => `<form method="post">
<label for="actor">Your name</label><input id="actor" name="actor" required maxlength="200" autocomplete="name">
<label for="comment">What you are doing</label><input id="comment" name="comment" maxlength="2000">
<label for="for">For how long</label><select id="for" name="for"><option value="1h">1 hour</option><option value="4h">4 hours</option><option value="24h">1 day</option><option value="">Until it ends</option></select>
<button>Acknowledge</button>${maySilence(count) ? '<button class="second" name="act" value="silence">Silence instead</button>' : ''}</form>`

function item(alert: Alert, nowMs: number): string {
  const { severity, rule, labels, annotations, startsAt, acknowledgedBy } = alert
  const shown = Object.entries(labels).filter(([name]) => name !== 'alertname' && name !== 'severity')
  const lasted = formatDuration(Math.max(0, Math.floor((nowMs - Date.parse(startsAt)) / 60_000)) * 60_000)
  const taken = acknowledgedBy ? ` · taken by ${escaped(acknowledgedBy)}` : ''
  return `<li><div class="head"><span aria-hidden="true">${icons[severity]}</span> ${severity.toUpperCase()}: ${escaped(annotations.summary || rule)}</div>
<div class="labels">${escaped(rule)}${valueText(alert)} · for ${lasted === '0s' ? 'less than 1m' : lasted}${taken}</div>${causeOf(alert)}<div class="labels">${shown.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join(' · ')}</div>${runbookOf(alert)}</li>`
}

function valueText(alert: Alert): string {
  const value = alertValue(alert)
  if (value === '') return ''
  return ` · ${escaped(value)}${alert.limit === undefined ? '' : `, limit ${escaped(alert.limit)}`}`
}

function causeOf({ cause }: Alert): string {
  if (!cause || cause.summary === noClearCause) return ''
  const rollback = cause.rollback ? `<div class="labels">Roll back with: <code>${escaped(cause.rollback)}</code></div>` : ''
  return `<div class="cause">Changed before: ${escaped(cause.summary)}</div>${rollback}`
}

/** Only web addresses become links. */
function runbookOf({ annotations: { runbook_url: url = '' } }: Alert): string {
  return /^https?:\/\//.test(url) && URL.canParse(url) ? `<div><a href="${escaped(url)}" rel="noreferrer">Runbook</a></div>` : ''
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title} · Tidewatch</title><style>${style}</style></head>
<body><main><h1>${title}</h1>${body}<p class="soft"><a href="/d/tidewatch-alerts">All alerts</a></p></main></body></html>
`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
