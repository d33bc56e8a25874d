import { useCallback, useEffect, useRef, useState } from 'react'
import type { Subscription } from 'rxjs'
import type { ReplayReport, ReplayRequest } from '../../../../../collector/src/contract/replay.ts'
import type { CollectorClient } from '../../../client/collector-client.ts'
import { toCollectorError } from '../../../client/collector-error.ts'

export type Replay =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' /** From 0 to 1. */; readonly done: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly report: ReplayReport }

const askEveryMs = 1000

const givenUp =
  'Grafana gave up before the replay ended: it waits 30 seconds unless its dataproxy.timeout says otherwise. Choose a shorter time range, or replay on the command line, where it takes as long as it needs: tidewatch rules replay.'

/** A collector that said how far it is can be reached, and its URL is right: Grafana did not wait for the end. */
function sentenceOf(thrown: unknown, before: Replay): string {
  const { status, code, message } = toCollectorError(thrown)
  const hasBegun = before.kind === 'running' && before.done > 0
  const isFromGrafana = code === `HTTP_${status}`
  return isFromGrafana && (status === 504 || (status === 502 && hasBegun)) ? givenUp : message
}

/** Runs one replay at a time, tells how far it is, and ends it when told to or when nobody looks any more. */
export function useReplay(find: () => CollectorClient | undefined) {
  const [replay, setReplay] = useState<Replay>({ kind: 'idle' })
  const running = useRef<Subscription>(undefined)
  const isRunning = replay.kind === 'running'

  useEffect(() => () => running.current?.unsubscribe(), [])
  useEffect(() => {
    if (!isRunning) return undefined
    const ask = async () => {
      const { done } = (await find()
        ?.replayProgress()
        .catch(() => undefined)) ?? { done: null }
      if (done !== null) setReplay((before) => (before.kind === 'running' ? { kind: 'running', done } : before))
    }
    const timer = setInterval(() => void ask(), askEveryMs)
    return () => clearInterval(timer)
  }, [isRunning, find])

  const start = useCallback(
    (request: ReplayRequest) => {
      const client = find()
      if (!client) return setReplay({ kind: 'failed', message: 'The datasource of this panel cannot be found, so nothing was asked.' })
      running.current?.unsubscribe()
      setReplay({ kind: 'running', done: 0 })
      running.current = client.replay(request).subscribe({
        next: (report) => setReplay({ kind: 'done', report }),
        error: (thrown: unknown) => setReplay((before) => ({ kind: 'failed', message: sentenceOf(thrown, before) })),
      })
    },
    [find],
  )
  const cancel = useCallback(() => {
    running.current?.unsubscribe()
    setReplay({ kind: 'idle' })
  }, [])
  return { replay, start, cancel }
}
