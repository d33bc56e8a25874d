import { z } from 'zod'
import { defineNotifier } from '../model/kinds.ts'
import { causeText } from './shared/cause-text.ts'

const schema = z.strictObject({
  level: z
    .enum(['info', 'warn', 'error'])
    .default('warn')
    .meta({ description: 'The level of firing alerts; ended ones are written as info.' }),
})

/** Writes notifications to the collector's own log. Needs nothing, so it is there when no receiver is configured. */
export const log = defineNotifier({
  type: 'log',
  schema,
  create: ({ level }, { log: logger }) => ({
    async send({ alerts, receiver, reason, status, test, idempotencyKey }) {
      for (const alert of alerts) {
        const { id, rule, severity, state, labels, annotations, value, startsAt } = alert
        const cause = causeText(alert)
        const entry = { receiver, reason, id, rule, severity, state, labels, value, startsAt, cause, idempotencyKey, test }
        logger[state === 'resolved' || status === 'resolved' ? 'info' : level](entry, `alert ${state}: ${annotations.summary ?? rule}`)
      }
      return { ok: true, detail: 'written to the log' }
    },
  }),
})
