import type { Log } from '../lib/log.ts'
import type { StreamEvent } from '../model/event.ts'

export type Events = {
  emit(event: StreamEvent): void
  /** The returned function ends the subscription. */
  subscribe(listener: (event: StreamEvent) => void): () => void
}

/** Passes state changes from the engines to whoever listens; a listener that fails harms nobody else. */
export function createEvents(log: Log): Events {
  const listeners = new Set<(event: StreamEvent) => void>()
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (thrown) {
          log.error({ err: thrown, type: event.type }, 'a listener of state changes failed')
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
