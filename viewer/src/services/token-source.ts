import type { TokenSource } from './backend-srv.ts'

const key = 'tidewatch.token'

export type TokenQuestion = { refused: boolean; answer: (token: string | undefined) => void }

export interface TokenKeeper extends TokenSource {
  /** The question on the screen, if any. */
  question(): TokenQuestion | undefined
  subscribe(listener: () => void): () => void
  forget(): void
}

/** Keeps the token for as long as the tab lives: it is gone when the tab is closed. */
export function createTokenKeeper(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): TokenKeeper {
  const listeners = new Set<() => void>()
  let question: TokenQuestion | undefined
  let pending: Promise<string | undefined> | undefined
  let declined = false

  const show = (next: TokenQuestion | undefined) => {
    question = next
    for (const listener of listeners) listener()
  }
  const ask = (refused: string | undefined) =>
    new Promise<string | undefined>((resolve) => {
      show({
        refused: refused !== undefined,
        answer: (token) => {
          const kept = token?.trim() || undefined
          if (kept !== undefined) storage.setItem(key, kept)
          // Whoever declines once is not asked again by every refresh.
          declined = kept === undefined
          pending = undefined
          show(undefined)
          resolve(kept)
        },
      })
    })

  return {
    current: () => storage.getItem(key) ?? undefined,
    ask: (refused) => {
      if (declined) return Promise.resolve(undefined)
      pending ??= ask(refused)
      return pending
    },
    question: () => question,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    forget: () => {
      storage.removeItem(key)
      declined = false
    },
  }
}
