import { z } from 'zod'
import type { Alert, Severity } from '../model/alert.ts'

const time = z.union([
  z.int().min(0),
  z.iso.datetime({ offset: true, error: 'write times as RFC 3339 or as milliseconds since 1970' }).transform((text) => Date.parse(text)),
])

export const replaySchema = z
  .strictObject({
    from: time,
    /** Left out: now. */
    to: time.optional(),
    /** Parts of a configuration file: rules, presets, route, inhibit_rules, time_intervals, escalations, flapping. What is left out is as it is in force. */
    config: z.record(z.string(), z.unknown()).default({}),
    /** The same as text, in place of `config`: as a file holds it, or only rules. */
    yaml: z.string().max(500_000).optional(),
    /** Whether silences count, at the times they had. */
    silences: z.boolean().default(true),
    /** Whether the metrics that moved first are looked for; takes much longer. */
    movers: z.boolean().default(false),
  })
  .refine(({ from, to }) => to === undefined || from < to, { error: 'from must lie before to', path: ['from'] })
  .refine(({ config, yaml }) => yaml === undefined || Object.keys(config).length === 0, {
    error: 'give config or yaml, not both',
    path: ['yaml'],
  })

/** One message that would have been sent. */
export type ReplayedMessage = {
  readonly at: string
  readonly receiver: string
  readonly groupKey: string
  readonly status: 'firing' | 'resolved'
  readonly reason: string
  readonly groupLabels: Readonly<Record<string, string>>
  readonly alerts: readonly Alert[]
}

/** One episode of an alert: it fired, and perhaps ended. */
export type ReplayedAlert = {
  readonly id: string
  readonly rule: string
  readonly severity: Severity
  readonly labels: Readonly<Record<string, string>>
  readonly summary: string
  readonly startsAt: string
  /** Null: it fires still at the end. */
  readonly endsAt: string | null
  /** How many messages told of it. */
  readonly messages: number
  /** What kept it from receivers, if anything ever did. */
  readonly suppressedBy: readonly string[]
}

/** Where raw samples were kept no longer, and averages stood in for them. */
export type Coarse = { readonly measurement: string; readonly from: string; readonly to: string; readonly everyMs: number }

/** A rule that looks back, at the beginning, to a time before anything was stored of what it looks at. */
export type ShortHistory = { readonly rule: string; readonly measurement: string; readonly looksBackTo: string; readonly beginsAt: string }

export type ReplayReport = {
  readonly from: string
  readonly to: string
  readonly messages: readonly ReplayedMessage[]
  readonly alerts: readonly ReplayedAlert[]
  readonly rules: readonly { readonly rule: string; readonly alerts: number; readonly messages: number; readonly firingMs: number }[]
  readonly receivers: readonly { readonly receiver: string; readonly firing: number; readonly resolved: number }[]
  readonly samples: number
  readonly coarse: readonly Coarse[]
  readonly shortHistory: readonly ShortHistory[]
  /** Rules that could not be evaluated at the end, and why. */
  readonly failures: readonly string[]
}

export type ReplayRequest = z.input<typeof replaySchema>
export type ReplayOrder = z.output<typeof replaySchema>
