import type { ReplayedMessage } from '../../contract/replay.ts'
import { AppError } from '../../lib/errors.ts'
import type { Alert, Notifier } from '../../model/alert.ts'
import type { StreamEvent } from '../../model/event.ts'

const messagesMax = 20_000
/** In all messages together: what is kept of a replay is mostly they. */
const alertsToldMax = 200_000
const episodesMax = 50_000

/** Receivers that keep what they are sent and take all of it, and a listener that keeps what suppressed an alert. */
export function createRecorder(nowMs: () => number) {
  const messages: ReplayedMessage[] = []
  let sent = 0
  let told = 0
  let ended = 0
  /** Ids of alerts that fire; a pending one that is dropped ends, too, and was none. */
  const firing = new Set<string>()
  const suppressed = new Map<string, Set<string>>()

  const receiver: Notifier = {
    async send({ receiver: name, groupKey, status, reason, groupLabels, alerts }) {
      sent++
      told += alerts.length
      if (sent > messagesMax || told > alertsToldMax) return { ok: true }
      messages.push({ at: new Date(nowMs()).toISOString(), receiver: name, groupKey, status, reason, groupLabels, alerts })
      return { ok: true }
    },
  }

  /** Throws when there is more than anybody reads. */
  function check(): void {
    if (sent > messagesMax) throw tooMuch(`More than ${messagesMax} messages would have been sent`)
    if (told > alertsToldMax) throw tooMuch(`More than ${alertsToldMax} alerts would have stood in the messages`)
    if (ended > episodesMax) throw tooMuch(`More than ${episodesMax} times an alert would have fired and ended`)
  }

  return {
    receiver,
    check,
    /** All of them; throws as `check` does rather than leave some out. */
    messages(): readonly ReplayedMessage[] {
      check()
      return messages
    },
    onEvent(event: StreamEvent): void {
      if (event.type !== 'alert') return
      const { id, state } = event.alert
      if (state === 'firing') firing.add(id)
      if (state === 'resolved' && firing.delete(id)) ended++
      note(event.alert)
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

const tooMuch = (what: string) => new AppError('QUERY_INVALID', `${what}. Replay less time, or fewer rules.`)

const keyOf = ({ id, startsAt }: Pick<Alert, 'id' | 'startsAt'>): string => `${id} ${startsAt}`
