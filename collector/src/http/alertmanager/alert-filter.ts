import type { Context } from 'hono'
import { allMatch, type Matcher, parseMatcher } from '../../alerts/routing/matcher.ts'
import { AppError } from '../../lib/errors.ts'
import { parseLinearRegex } from '../../lib/linear-regex.ts'
import type { Alert } from '../../model/alert.ts'
import type { HttpEnv } from '../env.ts'

export type AlertSelection = { readonly takes: (alert: Alert) => boolean; readonly takesReceiver: (name: string) => boolean }

/** `filter=severity="critical"`, several times; all of them must hold. */
export function matchersOf(c: Context<HttpEnv>): readonly Matcher[] {
  return (c.req.queries('filter') ?? []).map((text) => {
    const matcher = parseMatcher(text.trim().replace(/^\{(.*)\}$/s, '$1'))
    if (typeof matcher === 'string') throw new AppError('VALIDATION_FAILED', `filter: ${matcher}.`)
    return matcher
  })
}

/** What the parameters of `/alerts` and `/alerts/groups` let through; everything when none is given. */
export function selectionOf(c: Context<HttpEnv>): AlertSelection {
  const matchers = matchersOf(c)
  const wants = (name: string): boolean => c.req.query(name) !== 'false'
  const receiver = parseLinearRegex(c.req.query('receiver') ?? '.*')
  if (typeof receiver === 'string') throw new AppError('VALIDATION_FAILED', `receiver: ${receiver}.`)
  return {
    takesReceiver: (name) => receiver.test(name),
    takes({ labels, status, silencedBy = [], inhibitedBy = [], mutedBy = [] }) {
      if (!wants('active') && status !== 'suppressed') return false
      if (!wants('silenced') && silencedBy.length > 0) return false
      if (!wants('inhibited') && inhibitedBy.length > 0) return false
      if (!wants('muted') && mutedBy.length > 0) return false
      return allMatch(matchers, labels)
    },
  }
}
