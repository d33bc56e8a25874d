import type { Context } from 'hono'
import { allMatch, type Matcher, parseMatcher } from '../../alerts/routing/tree/matcher.ts'
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
  const wants = (name: string): boolean => {
    const given = c.req.query(name) ?? 'true'
    if (given !== 'true' && given !== 'false') throw new AppError('VALIDATION_FAILED', `${name}: must be true or false, not "${given}".`)
    return given === 'true'
  }
  const [active, silenced, inhibited, muted] = [wants('active'), wants('silenced'), wants('inhibited'), wants('muted')]
  // Nothing here waits to be processed: an alert is known with what keeps it back, or not yet listed.
  wants('unprocessed')
  const receiver = parseLinearRegex(c.req.query('receiver') ?? '.*')
  if (typeof receiver === 'string') throw new AppError('VALIDATION_FAILED', `receiver: ${receiver}.`)
  return {
    takesReceiver: (name) => receiver.test(name),
    takes({ labels, status, silencedBy = [], inhibitedBy = [], mutedBy = [] }) {
      if (!active && status !== 'suppressed') return false
      if (!silenced && silencedBy.length > 0) return false
      if (!inhibited && inhibitedBy.length > 0) return false
      if (!muted && mutedBy.length > 0) return false
      return allMatch(matchers, labels)
    },
  }
}
