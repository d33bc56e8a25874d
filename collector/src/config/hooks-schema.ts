import { z } from 'zod'
import { durationSchema } from '../lib/duration.ts'
import type { Hook } from '../model/hook.ts'
import { bytes } from './settings.ts'

const secret = z.string().min(16, 'must have at least 16 characters; "openssl rand -hex 32" makes a good one')

/** Left out, a hook is called after its type. */
const named = (type: Hook['type']) => z.string().min(1).max(100).default(type)

const shape = {
  secret: secret.meta({ description: 'What the sender signs with, or sends as its password.' }),
  oldSecret: secret.optional().meta({ description: 'Taken, too, while the secret is changed.' }),
  requestsPerMinute: z.int().min(1).default(600),
  bodyMax: bytes('1MB'),
}

const alertsShape = {
  notify: z.boolean().default(false).meta({ description: 'Whether its alerts also go to receivers here.' }),
  resolveAfter: durationSchema.prefault('5h').meta({ description: "Longer than the sender's repeat interval." }),
  alertsMax: z.int().min(1).default(5000),
}

const grafana = z.strictObject({
  type: z.literal('grafana'),
  name: named('grafana'),
  ...shape,
  ...alertsShape,
  header: z.string().min(1).default('X-Grafana-Alerting-Signature'),
  timestampHeader: z.string().min(1).optional().meta({ description: 'As in the contact point; messages that are too old are refused.' }),
  timestampTolerance: durationSchema.prefault('5m'),
})
const alertmanager = z.strictObject({ type: z.literal('alertmanager'), name: named('alertmanager'), ...shape, ...alertsShape })
const github = z.strictObject({
  type: z.literal('github'),
  name: named('github'),
  ...shape,
  services: z.record(z.string(), z.string().min(1)).default({}),
  environment: z.string().min(1).default('production'),
  workflows: z.array(z.string().min(1)).default([]),
  releases: z.boolean().default(false),
})

/** Doors for messages of other systems. */
export const hookSchemas = [grafana, alertmanager, github] as const

export const hooksSchema = z.array(z.discriminatedUnion('type', hookSchemas).transform(toHook)).max(100).default([])

function toHook(given: z.output<(typeof hookSchemas)[number]>): Hook {
  const { bodyMax: bodyBytesMax, ...rest } = given
  switch (rest.type) {
    case 'grafana': {
      const { resolveAfter: resolveAfterMs, timestampTolerance: timestampToleranceMs, ...options } = rest
      return { ...options, bodyBytesMax, resolveAfterMs, timestampToleranceMs }
    }
    case 'alertmanager': {
      const { resolveAfter: resolveAfterMs, ...options } = rest
      return { ...options, bodyBytesMax, resolveAfterMs }
    }
    case 'github':
      return { ...rest, bodyBytesMax }
  }
}
