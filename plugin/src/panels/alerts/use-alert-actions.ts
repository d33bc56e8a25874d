import type { PanelProps } from '@grafana/data'
import { getAppEvents, RefreshEvent } from '@grafana/runtime'
import { useCallback, useState } from 'react'
import { type AlertAction, currentActor, findClient, mayOperate } from '../../client/collector-client.ts'
import { toCollectorError } from '../../client/collector-error.ts'
import type { AlertsOptions } from './options.ts'
import type { AlertRow, Override } from './view-model.ts'

export type Started = { action: AlertAction; row: AlertRow }

/** Durations an acknowledgement may hold; an empty one holds until the alert ends. */
export type ActionRequest = { comment: string; for?: string }

/**
 * What people do with alerts: chosen, confirmed in a dialog, sent in their name.
 *
 * The answer is shown at once and gives way to the first data that were asked for after it.
 */
export function useAlertActions({ data, eventBus }: Pick<PanelProps<AlertsOptions>, 'data' | 'eventBus'>) {
  const [overrides, setOverrides] = useState<ReadonlyMap<string, Override>>(new Map())
  const [started, setStarted] = useState<Started>()
  const ref = data.request?.targets.find((target) => target.datasource)?.datasource
  const actor = currentActor()

  const run = useCallback(
    async ({ action, row }: Started, request: ActionRequest): Promise<string | undefined> => {
      const client = findClient(ref)
      if (!client) return 'The datasource of this panel cannot be found, so nothing was sent.'
      try {
        const holds = action === 'ack' && request.for ? { for: request.for } : {}
        const alert = await client.changeAlert(row.id, action, { actor, comment: request.comment, ...holds })
        setOverrides((before) => new Map(before).set(row.id, { alert, at: Date.now() }))
        setStarted(undefined)
        eventBus.publish(new RefreshEvent())
        getAppEvents().publish(new RefreshEvent())
        return undefined
      } catch (thrown) {
        return toCollectorError(thrown).message
      }
    },
    [actor, eventBus, ref],
  )
  const allowed = mayOperate() && ref !== undefined && ref !== null
  return {
    overrides,
    started,
    actor,
    allowed,
    refusal: 'Acknowledging and resolving need the role Editor.',
    start: (action: AlertAction, row: AlertRow) => setStarted({ action, row }),
    cancel: () => setStarted(undefined),
    run,
  }
}
