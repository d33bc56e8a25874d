import { formatDuration } from '../../lib/duration.ts'
import { subjectLabels } from '../rules/definition/identity.ts'

const linesMax = 500

/** What an alert is about: its rule, and its labels but those that every alert has. */
export function subject({ rule, labels }: { readonly rule: string; readonly labels: Readonly<Record<string, string>> }): string {
  const where = subjectLabels(labels)
  return where.length === 0 ? rule : `${rule} ${where.map(([name, value]) => `${name}=${value}`).join(' ')}`
}

export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)]
}

export function cut(lines: readonly string[]): readonly string[] {
  return lines.length <= linesMax ? lines : [...lines.slice(0, linesMax), `… and ${lines.length - linesMax} more; --format json has all`]
}

/** How long an episode lasted, if it is over. */
export function lastedText({ startsAt, endsAt }: { readonly startsAt: string; readonly endsAt: string | null }): string {
  return endsAt === null ? 'fires still' : `for ${lasting(Date.parse(endsAt) - Date.parse(startsAt))}`
}

export const timeText = (rfc3339: string): string => rfc3339.slice(0, 19).replace('T', ' ')
export const lasting = (ms: number): string => formatDuration(Math.round(ms / 1000) * 1000)
