import type { ReplayedMessage } from '../../contract/replay.ts'
import { AppError } from '../../lib/errors.ts'
import type { Alert, Notifier } from '../../model/alert.ts'
import type { StreamEvent } from '../../model/event.ts'

const messagesMax = 20_000

/** Receivers that keep what they are sent and take all of it, and a listener that keeps what suppressed an alert. */
export function createRecorder(nowMs: () => number) {
  const messages: ReplayedMessage[] = []
  let sent = 0
  const suppressed = new Map<string, Set<string>>()

  const receiver: Notifier = {
    async send({ receiver: name, groupKey, status, reason, groupLabels, alerts }) {
      sent++
      if (sent > messagesMax) return { ok: true }
      messages.push({ at: new Date(nowMs()).toISOString(), receiver: name, groupKey, status, reason, groupLabels, alerts })
      return { ok: true }
    },
  }

  return {
    receiver,
    messages: (): readonly ReplayedMessage[] => messages,
    /** Throws when there are more messages than anybody reads. */
    check(): void {
      if (sent > messagesMax)
        throw new AppError('QUERY_INVALID', `More than ${messagesMax} messages would have been sent. Replay less time, or fewer rules.`)
    },
    onEvent(event: StreamEvent): void {
      if (event.type === 'alert') note(event.alert)
    },
    /** What kept this episode of an alert from receivers, in words. */
    suppressedBy: (alert: Pick<Alert, 'id' | 'startsAt'>): readonly string[] => [...(suppressed.get(keyOf(alert)) ?? [])],
  }

  function note(alert: Alert): void {
    const reasons = [
      ...(alert.silencedBy ?? []).map((id) => `silence ${id}`),
      ...(alert.inhibitedBy ?? []).map((id) => `inhibited by ${id}`),
      ...(alert.mutedBy ?? []).map((name) => `muted by ${name}`),
    ]
    if (reasons.length === 0) return
    const known = suppressed.get(keyOf(alert)) ?? new Set()
    for (const reason of reasons) known.add(reason)
    suppressed.set(keyOf(alert), known)
  }
}

export type Recorder = ReturnType<typeof createRecorder>

const keyOf = ({ id, startsAt }: Pick<Alert, 'id' | 'startsAt'>): string => `${id} ${startsAt}`
