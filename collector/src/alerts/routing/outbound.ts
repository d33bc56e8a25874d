import type { Clock } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Alert } from '../../model/alert.ts'
import type { OwnAlerts } from '../own-alerts.ts'
import { createHeartbeat, type HeartbeatSettings } from './delivery/heartbeat.ts'
import { createReceiverWatch } from './delivery/receiver-watch.ts'
import type { SharedWrites } from './delivery/shared-writes.ts'
import { createDispatcher, type DispatcherSettings } from './dispatcher.ts'
import { createAcknowledgeLinks } from './escalation/acknowledge-link.ts'
import type { Flapping } from './groups/flapping.ts'
import type { AlertLookup } from './groups/group.ts'
import type { Suppression } from './tree/suppression.ts'

export type OutboundSettings = DispatcherSettings & { readonly heartbeat?: HeartbeatSettings }

export type OutboundOptions = {
  /** As they are now: a reload may change them. */
  readonly settings: () => OutboundSettings
  readonly records: SharedWrites
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly newId: () => string
  readonly externalUrl: string
  readonly signingKey: Uint8Array
  readonly works: () => boolean
  readonly ownAlerts: OwnAlerts
  readonly suppression: Suppression
  readonly flapping: Flapping
  readonly cooldownMsOf: (rule: string) => number
  readonly lookup: AlertLookup
  readonly lastEpisode: AlertLookup
  readonly firing: () => readonly Alert[]
  readonly ended: (range: { readonly fromMs: number; readonly toMs: number }) => readonly Alert[]
  /** An alert with how its value went. */
  readonly drawn: (alert: Alert) => Alert
  readonly onJoined: (before: readonly string[]) => void
}

/** How long a link in a notification lets its reader take the alerts. */
const linkLifetimeMs = 24 * 3_600_000

/** All that leaves the collector about alerts: notifications, links in them, the heartbeat, and word of receivers that fail. */
export function createOutbound(options: OutboundOptions) {
  const { suppression, ownAlerts, clock } = options
  const watch = createReceiverWatch({ clock, ownAlerts })
  const links = createAcknowledgeLinks({ ...options, key: options.signingKey, lifetimeMs: linkLifetimeMs })
  const dispatcher = createDispatcher({
    ...options,
    watch,
    acknowledgeUrl: links.urlFor,
  })
  const heartbeat = createHeartbeat({ ...options, watch })

  return {
    /** Takes an alert that fires, or one that ended. */
    update(alert: Alert): void {
      suppression.observe(alert)
      dispatcher.update(alert)
    },
    /** Takes up the alerts that are active, and what an earlier process told of others. */
    start(active: readonly Alert[]): void {
      for (const alert of active) suppression.observe(alert)
      dispatcher.start(active)
      watch.renew(options.settings().receivers)
    },
    /** The settings were changed; these alerts fire. */
    renew(active: readonly Alert[]): void {
      suppression.renew(active)
      dispatcher.renew(active)
      watch.renew(options.settings().receivers)
      heartbeat.renew()
    },
    /** Delivers what an earlier process queued; called when the rules have been evaluated. */
    resume(): void {
      dispatcher.resume()
      heartbeat.start()
    },
    /** Begins to deliver what is due now; nothing leaves before this turn of the event loop has ended. */
    deliver: dispatcher.deliver,
    onTaking: dispatcher.onTaking,
    groups: dispatcher.groups,
    firingIn: dispatcher.firingIn,
    watch,
    checkLink: links.check,
    async stop(): Promise<void> {
      await heartbeat.stop()
      await dispatcher.stop()
    },
  }
}
