import type { PanelProps } from '@grafana/data'
import { getAppEvents, RefreshEvent } from '@grafana/runtime'
import { useCallback, useMemo, useState } from 'react'
import type { Alert } from '../../../../collector/src/contract/alerts.ts'
import { type AlertAction, type CollectorClient, currentActor, findClient, mayOperate } from '../../client/collector-client.ts'
import { CollectorError, toCollectorError } from '../../client/collector-error.ts'
import { forEachOf } from './for-each-of.ts'
import type { AlertsOptions } from './options.ts'
import { type AlertRow, type Override, toEpisodeKey } from './view-model.ts'

export type PanelAction = AlertAction | 'silence'
export type Started = { action: PanelAction; row: AlertRow; others: readonly AlertRow[] }
/** What is asked for is done with one alert, or with others as well. */
export type OnAct = (action: PanelAction, row: AlertRow, others?: readonly AlertRow[]) => void
export type RunAction = (action: AlertAction, rows: readonly AlertRow[], request: ActionRequest) => Promise<string | undefined>

/** Durations an acknowledgement may hold; an empty one holds until the alert ends. */
export type ActionRequest = { comment: string; for?: string }

/** Browsers open six connections to one address. */
const requestsAtOnce = 6
const noClient = 'The datasource of this panel cannot be found, so nothing was sent.'

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

  /** Does something with the collector and asks for data anew; answers with why it was refused, if it was. */
  const attempt = useCallback(
    async (act: (client: CollectorClient) => Promise<unknown>): Promise<string | undefined> => {
      const client = findClient(ref)
      if (!client) return noClient
      try {
        await act(client)
        setStarted(undefined)
        eventBus.publish(new RefreshEvent())
        getAppEvents().publish(new RefreshEvent())
        return undefined
      } catch (thrown) {
        return toCollectorError(thrown).message
      }
    },
    [eventBus, ref],
  )
  const put = (row: AlertRow, alert: Alert) => setOverrides((before) => new Map(before).set(toEpisodeKey(row), { alert, at: Date.now() }))
  /** The same for one alert, whose answer is shown before the data come. */
  const change = (row: AlertRow, ask: (client: CollectorClient) => Promise<Alert>) =>
    attempt(async (client) => {
      put(row, await ask(client))
    })
  const run: RunAction = (action, rows, { comment, for: holdsFor }) =>
    attempt(async (client) => {
      const request = { actor, comment, ...(action === 'ack' && holdsFor && { for: holdsFor }) }
      const refused = await forEachOf(rows, requestsAtOnce, async (row) => put(row, await client.changeAlert(row.id, action, request)))
      if (refused.length > 0) throw toRefusal(refused, rows.length)
    })
  const mark = (row: AlertRow, useful: boolean | null) =>
    change(row, (client) => {
      const began = row.startsAt === null ? {} : { startsAt: new Date(row.startsAt).toISOString() }
      return client.markAlert(row.id, { actor, useful, ...began })
    })
  const find = useCallback(() => findClient(ref), [ref])
  const silences = useMemo(() => toSilenceDoors(find, attempt, actor), [find, attempt, actor])
  const allowed = mayOperate() && ref !== undefined && ref !== null
  return {
    overrides,
    started,
    actor,
    find,
    allowed,
    refusal: 'Acknowledging, silencing and resolving need the role Editor.',
    start: (action: PanelAction, row: AlertRow, others: readonly AlertRow[] = []) => setStarted({ action, row, others }),
    cancel: () => setStarted(undefined),
    run,
    mark,
    silences,
  }
}

/** Of one alert what was answered, of many how many it met, too. */
function toRefusal(refused: readonly unknown[], asked: number): unknown {
  if (asked === 1) return refused[0]
  const { message, code, status } = toCollectorError(refused[0])
  const figures = `${refused.length} of ${asked} alerts stay as they were`
  return new CollectorError(`${figures}. ${message}`, { code, status, cause: refused[0] })
}

type Attempt = (act: (client: CollectorClient) => Promise<unknown>) => Promise<string | undefined>
type Wish = { matchers: string[]; for: string; comment: string }

function toSilenceDoors(find: () => CollectorClient | undefined, attempt: Attempt, actor: string) {
  const client = async (): Promise<CollectorClient> => {
    const found = find()
    if (!found) throw new Error(noClient)
    return found
  }
  return {
    load: async (id: string) => (await client()).silence(id),
    preview: async (matchers: string[], days: number) => (await client()).previewSilence({ matchers, days }),
    create: (wish: Wish) => attempt((open) => open.addSilence({ ...wish, createdBy: actor })),
    end: (id: string) => attempt((open) => open.endSilence(id, actor)),
  }
}
