import type { Tags } from '../../model/point.ts'

/** An alert as another system tells of it. */
export type ForeignAlert = {
  /** With `alertname`; together they say which alert it is. */
  readonly labels: Tags
  readonly annotations: Tags
  readonly value: number | null
  /** Left out: now, or when it began if it goes on. */
  readonly startsAtMs?: number | undefined
  /** Null while it goes on. */
  readonly endedAtMs: number | null
  /** When it has ended unless something is heard of it before; left out, as its source says. */
  readonly expiresAtMs?: number | undefined
}

/** What became of the alerts of one message. */
export type ForeignReceipt = {
  readonly began: number
  readonly ended: number
  /** Known already, or over already. */
  readonly unchanged: number
  /** More than the source may have active at a time. */
  readonly refused: number
}
