import { courseText } from '../shared/course-text.ts'
import type { Fact, Link } from '../shared/fact.ts'
import type { Entry, Message } from '../shared/message.ts'
import { sparklineSize } from './sparkline.ts'

const font = "font-family:Inter,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

/** Mail programs keep little of a style sheet: what must look right stands on the element; this is for those that read it. */
const styles = `
  @media (max-width: 480px) {
    .page { padding: 0 !important }
    .card { border-radius: 0 !important; border-left: 0 !important; border-right: 0 !important }
    .name, .fact { display: block !important; width: auto !important; padding-right: 0 !important }
    .name { padding-bottom: 0 !important; font-size: 12px !important }
    .fact { padding-bottom: 10px !important }
    .button { display: block !important; margin-right: 0 !important; text-align: center !important }
  }
  @media (prefers-color-scheme: dark) {
    body, .page { background: #111217 !important }
    .card { background: #181b1f !important; border-color: #33363d !important }
    .ink, .fact, .headline { color: #e3e4e8 !important }
    .faint, .name { color: #a3a7b3 !important }
    .link { color: #6e9fff !important }
    .code { background: #2a2d33 !important }
    .line { border-color: #33363d !important }
  }`

/** Tables, because mail programs lay out nothing else alike; nothing is loaded from elsewhere, and pictures come with the mail. */
export function toHtml(message: Message, pictureOf: (entry: Entry) => string | undefined): string {
  const { title, lede, color, entries, single, more, reason, links, test, advice } = message
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark"><title>${escapeHtml(title)}</title><style>${styles}</style></head>
<body style="margin:0;background:#f4f5f7">
${lede ? `<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(lede)}</div>\n` : ''}<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td class="page" align="center" style="padding:24px 12px;background:#f4f5f7">
<table class="card" role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:640px;border-collapse:separate;border:1px solid #d8dbe2;border-radius:8px;overflow:hidden;background:#ffffff;${font}">
<tr><td style="padding:18px 24px;background:#${color};color:#ffffff;font-size:19px;line-height:26px;font-weight:600;overflow-wrap:anywhere">${test ? testMark : ''}${escapeHtml(title)}${lede ? `<div style="margin-top:6px;font-size:14px;line-height:20px;font-weight:400">${escapeHtml(lede)}</div>` : ''}</td></tr>
<tr><td class="line" style="padding:16px 24px 8px;border-bottom:1px solid #e4e6eb">${links.map(toButton).join(' ')}</td></tr>
${entries.map((entry) => toSection(entry, single, pictureOf(entry))).join('\n')}
${more ? `<tr><td class="faint line" style="padding:14px 24px;border-bottom:1px solid #e4e6eb;color:#5a6070;font-size:14px">${escapeHtml(more)}</td></tr>` : ''}
<tr><td class="faint" style="padding:14px 24px;color:#5a6070;font-size:13px;line-height:19px">Sent because: ${escapeHtml(reason)}.${advice ? ` ${advice}` : ''}</td></tr>
</table></td></tr></table></body></html>
`
}

const testMark = '<div style="margin-bottom:6px;font-size:13px;line-height:18px;letter-spacing:0.08em">TEST, NOTHING IS WRONG</div>'

const buttonLooks = [
  'background:#1f60c4;color:#ffffff;border:1px solid #1f60c4',
  'background:transparent;color:#1f60c4;border:1px solid #9fb6dd',
]

/** The first is the one to press. */
const toButton = ({ text, url }: Link, place: number): string =>
  `<a class="button${place > 0 ? ' link' : ''}" href="${escapeHtml(url)}" style="display:inline-block;margin:0 8px 8px 0;padding:10px 20px;border-radius:6px;${buttonLooks[Math.min(place, 1)]};font-size:15px;font-weight:600;text-decoration:none">${escapeHtml(text)}</a>`

function toSection({ color, word, headline, facts, links, course }: Entry, isAlone: boolean, cid: string | undefined): string {
  const picture = course && cid ? toPicture(cid, courseText(course)) : ''
  const rows = facts.map((fact) => toRow(fact.name, htmlOf(fact)))
  const places = links.map(({ text, url }) => toRow(text, toLink({ text: url, url })))
  const heading = isAlone
    ? ''
    : `<div style="font-size:12px;line-height:18px;font-weight:700;letter-spacing:0.06em"><span style="display:inline-block;padding:1px 8px;border-radius:4px;background:#${color};color:#ffffff">${escapeHtml(word)}</span></div>
<div class="headline" style="margin:6px 0 10px;color:#1c1e24;font-size:17px;line-height:24px;font-weight:600;overflow-wrap:anywhere">${escapeHtml(headline)}</div>
`
  return `<tr><td class="line" style="padding:18px 24px 10px;border-bottom:1px solid #e4e6eb">
${heading}${picture}<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="font-size:14px;line-height:20px">${[...rows, ...places].join('')}</table>
</td></tr>`
}

/** Where pictures are not shown, its words are; it says how wide it is for programs that know no other way. */
const toPicture = (cid: string, words: string): string =>
  `<img src="cid:${cid}" width="${sparklineSize.width}" height="${sparklineSize.height}" alt="Value: ${escapeHtml(words)}" style="display:block;width:100%;height:auto;max-width:${sparklineSize.width}px;margin:0 0 12px;border:0;color:#5a6070;font-size:13px;line-height:19px">\n`

const toRow = (name: string, html: string): string =>
  `<tr><td class="name" valign="top" style="width:130px;padding:0 12px 8px 0;color:#5a6070">${escapeHtml(name)}</td><td class="fact" valign="top" style="padding:0 0 8px;color:#1c1e24;overflow-wrap:anywhere;word-break:break-word">${html}</td></tr>`

function htmlOf({ text, url, isCommand }: Fact): string {
  if (url !== undefined) return toLink({ text, url })
  if (!isCommand) return withBreaks(text)
  return `<code class="code" style="padding:2px 6px;border-radius:4px;background:#eef0f4;font-family:ui-monospace,Consolas,Menlo,monospace;font-size:13px">${escapeHtml(text)}</code>`
}

const toLink = ({ text, url }: Link): string => `<a class="link" href="${escapeHtml(url)}" style="color:#1f60c4">${escapeHtml(text)}</a>`

const withBreaks = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>')

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign)
