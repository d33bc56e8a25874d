import type { Log } from '../../../lib/log.ts'
import type { Notifier } from '../../../model/alert.ts'
import type { NotificationRecords, NotifyEntry } from '../../../model/alert-records.ts'
import type { Route } from '../tree/route.ts'
import type { AlertLookup, Group } from './group.ts'
import type { Groups } from './groups.ts'
import type { Knowledge } from './knowledge.ts'

export type RecallOptions = {
  readonly settings: () => { readonly route: Route; readonly receivers: ReadonlyMap<string, Notifier> }
  readonly records: NotificationRecords
  readonly log: Log
  readonly lookup: AlertLookup
  readonly lastEpisode: AlertLookup
  readonly groups: Groups
  readonly knowledge: Knowledge
  /** Of a digest, which tells of ends when its time comes. */
  readonly isDigest: (groupKey: string) => boolean
}

type Told = Pick<NotifyEntry, 'groupKey' | 'receiver' | 'groupLabels'>

/** Remembers after a start or a reload what receivers were told before, so that they hear of the end of what ended since. */
export function recall(options: RecallOptions): void {
  const { knowledge, records, isDigest } = options
  for (const entry of knowledge.all())
    if (!isDigest(entry.groupKey)) recallGroup(options, entry, [...Object.keys(entry.firing), ...entry.unsure])
  for (const item of records.queue()) if (!isDigest(item.groupKey)) recallGroup(options, item, [])
}

function recallGroup({ settings, log, lookup, lastEpisode, groups, knowledge }: RecallOptions, told: Told, ids: readonly string[]): void {
  const { groupKey, receiver, groupLabels } = told
  const { route, receivers } = settings()
  if (!receivers.has(receiver)) {
    log.warn({ receiver }, 'receiver is no longer configured; what it was told stays as it is')
    knowledge.forget(groupKey, receiver)
    return
  }
  const isOrphan = !groups.get(groupKey)
  const group = groups.get(groupKey) ?? groups.add(groupKey, groupLabels, orphanRoute(route))
  if (!group.route.receivers.includes(receiver)) group.owedTheEnd.add(receiver)
  for (const id of ids) {
    const ended = lookup(id) ? undefined : lastEpisode(id)
    if (ended) group.resolved.set(id, ended)
    else if (isOrphan && lookup(id)) groups.join(group, id)
  }
  if (!group.hasFlushed) groups.schedule(group, 0)
}

/** The route of a group that no route makes any more: it only waits to tell that its alerts are over. */
function orphanRoute(root: Route): Group['route'] {
  return { ...root, escalation: null, receivers: [], sendResolved: true }
}
