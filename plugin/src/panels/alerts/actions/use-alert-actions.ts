import type { PanelProps } from '@grafana/data'
import { getAppEvents, RefreshEvent } from '@grafana/runtime'
import { useCallback, useMemo, useState } from 'react'
import type { Alert } from '../../../../../collector/src/contract/alerts.ts'
import { type AlertAction, type CollectorClient, currentActor, findClient, mayOperate } from '../../../client/collector-client.ts'
import { CollectorError, toCollectorError } from '../../../client/collector-error.ts'
import { counted } from '../../../format/words.ts'
import type { AlertsOptions } from '../options.ts'
import { type AlertRow, type Override, toEpisodeKey } from '../view-model.ts'
import { forEachOf } from './for-each-of.ts'

export type PanelAction = AlertAction | 'silence'
export type Started = { action: PanelAction; row: AlertRow; others: readonly AlertRow[] }
/** What is asked for is done with one alert, or with others as well. */
export type OnAct = (action: PanelAction, row: AlertRow, others?: readonly AlertRow[]) => void
export type RunAction = (action: AlertAction, rows: readonly AlertRow[], request: ActionRequest) => Promise<string | undefined>

/** What was done last, in a sentence, and the way back. The undoing answers with why it was refused, if it was. */
export type Done = { readonly sentence: string; readonly undo: () => Promise<string | undefined> }

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
  const [done, setDone] = useState<Done>()
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
  const put = (...answered: readonly Answered[]) =>
    setOverrides(
      (before) => new Map([...before, ...answered.map(([row, alert]) => [toEpisodeKey(row), { alert, at: Date.now() }] as const)]),
    )
  /** The same for one alert, whose answer is shown before the data come. */
  const change = (row: AlertRow, ask: (client: CollectorClient) => Promise<Alert>) =>
    attempt(async (client) => {
      put([row, await ask(client)])
    })
  const run: RunAction = (action, rows, { comment, for: holdsFor }) =>
    attempt(async (client) => {
      const request = { actor, comment, ...(action === 'ack' && holdsFor && { for: holdsFor }) }
      const refused =
        action === 'ack' && rows.length > 1
          ? await takeAll(client, rows, request, put)
          : await forEachOf(rows, requestsAtOnce, async (row) => put([row, await client.changeAlert(row.id, action, request)]))
      if (refused.length > 0) throw toRefusal(refused, rows.length)
      // What somebody else had before cannot be given back to them.
      if (action === 'ack' && rows.every(({ acknowledgedBy }) => acknowledgedBy === ''))
        setDone({ sentence: `You have ${nameOf(rows)}.`, undo: () => run('unack', rows, { comment: 'Taken by mistake.' }) })
    })
  const mark = (row: AlertRow, useful: boolean | null) =>
    change(row, (client) => {
      const began = row.startsAt === null ? {} : { startsAt: new Date(row.startsAt).toISOString() }
      return client.markAlert(row.id, { actor, useful, ...began })
    })
  const find = useCallback(() => findClient(ref), [ref])
  const silences = useMemo(() => toSilenceDoors(find, attempt, { actor, onDone: setDone }), [find, attempt, actor])
  const allowed = mayOperate() && ref !== undefined && ref !== null
  return {
    overrides,
    started,
    actor,
    find,
    allowed,
    done,
    /** The note of what was done has been read, or its time is over. */
    forget: () => setDone(undefined),
    refusal: 'Acknowledging, silencing and resolving need the role Editor.',
    start: (action: PanelAction, row: AlertRow, others: readonly AlertRow[] = []) => {
      setDone(undefined)
      setStarted({ action, row, others })
    },
    cancel: () => setStarted(undefined),
    run,
    mark,
    silences,
  }
}

type Answered = readonly [row: AlertRow, alert: Alert]

/** All in one, however many they are; answers with what there is to say of those that were not taken. */
async function takeAll(
  client: CollectorClient,
  rows: readonly AlertRow[],
  request: ActionRequest & { actor: string },
  put: (...answered: readonly Answered[]) => void,
): Promise<readonly unknown[]> {
  const { alerts } = await client.acknowledgeAll({ ...request, ids: rows.map(({ id }) => id) })
  const taken = new Map(alerts.map((alert) => [alert.id, alert]))
  const answered = rows.map((row) => [row, taken.get(row.id)] as const)
  put(...answered.filter((one): one is Answered => one[1] !== undefined))
  const over = new CollectorError('Those have ended meanwhile.', { code: 'CONFLICT', status: 409 })
  return answered.filter(([, alert]) => alert === undefined).map(() => over)
}

/** Of one alert what was answered, of many how many it met, too. */
function toRefusal(refused: readonly unknown[], asked: number): unknown {
  if (asked === 1) return refused[0]
  const { message, code, status } = toCollectorError(refused[0])
  const figures = `${refused.length} of ${counted(asked, 'alert')} stay as they were`
  return new CollectorError(`${figures}. ${message}`, { code, status, cause: refused[0] })
}

type Attempt = (act: (client: CollectorClient) => Promise<unknown>) => Promise<string | undefined>
type Wish = { matchers: string[]; for: string; comment: string }

/** The rule of one alert, the number of several. */
function nameOf(rows: readonly AlertRow[]): string {
  return rows.length === 1 ? (rows[0]?.rule ?? '') : counted(rows.length, 'alert')
}

type Maker = { actor: string; onDone: (done: Done) => void }

function toSilenceDoors(find: () => CollectorClient | undefined, attempt: Attempt, { actor, onDone }: Maker) {
  const client = async (): Promise<CollectorClient> => {
    const found = find()
    if (!found) throw new Error(noClient)
    return found
  }
  const end = (id: string) => attempt((open) => open.endSilence(id, actor))
  return {
    load: async (id: string) => (await client()).silence(id),
    preview: async (matchers: string[], days: number) => (await client()).previewSilence({ matchers, days }),
    create: (wish: Wish) =>
      attempt(async (open) => {
        const { id } = await open.addSilence({ ...wish, createdBy: actor })
        onDone({ sentence: `Silenced for ${wish.for}: ${wish.matchers.join(', ')}.`, undo: () => end(id) })
      }),
    end,
  }
}
