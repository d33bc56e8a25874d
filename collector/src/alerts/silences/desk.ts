import type { Clock } from '../../lib/clock.ts'
import type { Alert } from '../../model/alert.ts'
import type { AlertInstance, AlertRecords, NotificationRecords } from '../../model/alert-records.ts'
import type { AuditLog } from '../../model/audit.ts'
import type { StreamEvent } from '../../model/event.ts'
import type { SilenceMatcher, SilenceRecords } from '../../model/silence.ts'
import type { SilenceDesk } from '../alerts.ts'
import { allMatch } from '../routing/tree/matcher.ts'
import { previewSilence } from './preview.ts'
import { toMatchers } from './silence.ts'
import { createSilences } from './silences.ts'

export type SilenceDeskOptions = {
  readonly silenceRecords: SilenceRecords
  readonly alertRecords: AlertRecords
  readonly notifications: NotificationRecords
  readonly audit: AuditLog
  readonly clock: Clock
  readonly newId: () => string
  readonly longestMs: () => number
  readonly atOnceMax: () => number
  readonly active: () => readonly AlertInstance[]
  /** An instance as everybody sees it, with what keeps it back: every silence is looked at for that. */
  readonly view: (instance: AlertInstance) => Alert
  readonly emit: (event: StreamEvent) => void
}

/** Notifications that a preview looks back at. */
const lookedAtMax = 100_000

/** Silences as people handle them: what they cover is shown to everybody at once. */
export function createSilenceDesk(options: SilenceDeskOptions) {
  const { clock, active, view, emit, notifications, alertRecords } = options
  const silences = createSilences({
    records: options.silenceRecords,
    audit: options.audit,
    clock,
    newId: options.newId,
    longestMs: options.longestMs,
    atOnceMax: options.atOnceMax,
    onChange(silence) {
      const covered = active().filter(({ labels }) => allMatch(silences.testsOf(silence), labels))
      for (const instance of covered) emit({ type: 'alert', alert: view(instance) })
    },
  })

  function preview(matchers: readonly SilenceMatcher[], days: number) {
    const tests = toMatchers(matchers)
    const instances = active()
    const labels = new Map(instances.map((instance) => [instance.id, instance.labels]))
    const alerts = instances.filter((instance) => allMatch(tests, instance.labels)).map(view)
    const fromMs = clock.now() - days * 86_400_000
    const { deliveries: sent } = notifications.deliveries({ fromMs, outcome: 'sent', limit: lookedAtMax })
    const labelsOf = (id: string) => labels.get(id) ?? alertRecords.lastEpisode(id)?.labels
    return previewSilence(tests, alerts, { days, sent, labelsOf })
  }

  const { list, get, set, expire, endWith } = silences
  const forPeople: SilenceDesk = { list, get, set, expire, endWith, preview }
  return { forPeople, silencedBy: silences.silencedBy, prune: silences.prune }
}
