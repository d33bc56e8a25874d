/** What a request was answered: sent again as it is when the same request comes again. */
export type KeptAnswer = { readonly status: number; readonly body: string }

export type IdempotencyRecord = {
  /** SHA-256 of the body the key came with first. */
  readonly bodyHash: string
  /** When it came first: the time of its points that bring none, however often it comes. */
  readonly firstMs: number
  /** Null until it was answered, and for ever when the answer was too long to be kept. */
  readonly answer: KeptAnswer | null
}

/** Durable when a call returns. */
export interface IdempotencyRecords {
  /** Enters a key unless it stands there already; the record that stands there then. */
  begin(key: string, bodyHash: string, nowMs: number): IdempotencyRecord
  finish(key: string, answer: KeptAnswer): void
  /** Drops what came before `beforeMs`, and the oldest while there are more than `keysMax`. */
  forget(beforeMs: number, keysMax: number): void
}
