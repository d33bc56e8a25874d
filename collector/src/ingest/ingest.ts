import type { Rejection } from '../model/batch.ts'
import type { Point } from '../model/point.ts'
import type { SpoolStatus } from './spool/spool.ts'

/** `auto` tells the unit of each time by its size, as InfluxDB 3.x does. */
export type Precision = 'ns' | 'us' | 'ms' | 's' | 'm' | 'h' | 'auto'

export type LineProtocolOptions = {
  readonly precision: Precision
  /** With a line that is not line protocol, writes nothing at all. */
  readonly allOrNothing?: boolean
  /** Told how many points the body holds, before they are written. */
  readonly onScanned?: (points: number) => void
}

/** `accepted` points are durable when the promise resolves. */
export type IngestResult = {
  readonly accepted: number
  /** In the order of their lines. Of many bad lines the first thousand are described. */
  readonly rejected: readonly Rejection[]
  /** How many were rejected, when that is more than `rejected` describes. */
  readonly rejectedTotal?: number
}

/** The door for every sample: scans, writes to the store and tells `live/`. */
export interface Ingest {
  /** Opens the spool and begins to drain what an earlier run left in it. */
  start(): Promise<void>
  /** Line protocol as bytes. Throws `AppError` when nothing could be written. */
  lineProtocol(body: Uint8Array, options: LineProtocolOptions): Promise<IngestResult>
  /** Points as objects: JSON push, sources, health and alert history. */
  points(points: readonly Point[], signal?: AbortSignal): Promise<IngestResult>
  /** Points accepted since the start. */
  readonly acceptedTotal: number
  /** Points and lines refused since the start: not valid, or of another type. */
  readonly rejectedTotal: number
  /** Series met since the start, and how many may be. */
  series(): { readonly met: number; readonly max: number }
  /** What waits on disk for the store. */
  spool(): SpoolStatus
  /** The collector is about to stop: a store that hangs must not make it wait. */
  hurry(): void
  /** Refuses new points and resolves when the last one is durable. */
  stop(): Promise<void>
}
