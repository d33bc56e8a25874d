import { z } from 'zod'
import { defineNotifier } from '../model/kinds.ts'
import { causeText } from './shared/cause-text.ts'
import { isBad, toChangeMessage } from './shared/change-message.ts'
import { changesFor, deploymentsOption } from './shared/change-option.ts'

const schema = z.strictObject({
  level: z
    .enum(['info', 'warn', 'error'])
    .default('warn')
    .meta({ description: 'The level of firing alerts; ended ones are written as info.' }),
  deployments: deploymentsOption,
})

/** Writes notifications to the collector's own log. Needs nothing, so it is there when no receiver is configured. */
export const log = defineNotifier({
  type: 'log',
  schema,
  create: ({ level, deployments }, { log: logger }) => ({
    async send({ alerts, receiver, reason, status, test, idempotencyKey }) {
      for (const alert of alerts) {
        const { id, rule, severity, state, labels, annotations, value, startsAt } = alert
        const cause = causeText(alert)
        const entry = { receiver, reason, id, rule, severity, state, labels, value, startsAt, cause, idempotencyKey, test }
        logger[state === 'resolved' || status === 'resolved' ? 'info' : level](entry, `alert ${state}: ${annotations.summary ?? rule}`)
      }
      return { ok: true, detail: 'written to the log' }
    },
    ...changesFor(deployments, async (news) => {
      const { receiver, change, verdicts, durationMs, commits, rollback, idempotencyKey, test } = news
      const entry = { receiver, change, verdicts, durationMs, commits, rollback, idempotencyKey, test }
      logger[isBad(news) ? level : 'info'](entry, `${change.kind} ${toChangeMessage(news).title}`)
      return { ok: true, detail: 'written to the log' }
    }),
  }),
})
