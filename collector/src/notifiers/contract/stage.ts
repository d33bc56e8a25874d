import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FakeClock } from '../../lib/clock.ts'
import type { Notification, Notifier, SendResult } from '../../model/alert.ts'
import type { NotifierDoors } from '../../model/kinds.ts'

/** How one kind is set up for the suite, and what its receiver takes for yes. */
export type NotifierCase = {
  readonly create: (url: string, doors: NotifierDoors) => Notifier
  /** The answer of a receiver that took the notification. */
  readonly accepted: { readonly status: number; readonly body: string }
  /** An answer with a good status whose body means no; left out when the kind does not read bodies. */
  readonly wrongBody?: { readonly status: number; readonly body: string }
  /** Longer than the kind waits for an answer. */
  readonly patienceMs: number
  /** Made so that it tells of deployments, too. */
  readonly tellsChanges?: boolean
}

export type Received = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Stage = {
  readonly receiver: () => TestReceiver
  readonly clock: () => FakeClock
  readonly create: (url: string) => Notifier
  readonly send: (signal?: AbortSignal, notification?: Notification) => Promise<SendResult>
  readonly answer: (status: number, body: string, headers?: Record<string, string>) => void
}

export type TestReceiver = {
  readonly url: string
  readonly received: Received[]
  answer: (response: ServerResponse) => void
  stop(): Promise<void>
}
