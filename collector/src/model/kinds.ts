import type { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Notifier } from './alert.ts'
import type { Rejection } from './batch.ts'
import type { ReadPage } from './exposition.ts'
import type { Probe } from './health.ts'
import type { FieldValue, Point, SeriesName } from './point.ts'
import type { Store } from './store.ts'

/**
 * A kind carries its own schema, so configuration, `check-config` and the documentation learn of it
 * from the one line in its room's index.ts.
 */
export type Kind<Schema extends z.ZodType, Doors, Made> = {
  readonly type: string
  readonly schema: Schema
  create(options: z.output<Schema>, doors: Doors): Made
}

export type NotifierDoors = { readonly fetch: typeof fetch; readonly log: Log; readonly clock: Clock }
/** How the collector itself is in one respect, in a sentence for people. */
export type SelfCheck = () => Promise<{ readonly ok: boolean; readonly degraded?: boolean; readonly message: string }>

export type ProbeDoors = {
  readonly fetch: typeof fetch
  readonly clock: Clock
  /** For `self` probes: the collector's own condition by name. */
  readonly selfChecks: Readonly<Record<string, SelfCheck>>
}
export type StoreDoors = { readonly log: Log; readonly clock: Clock; readonly fetch: typeof fetch; readonly dataDir: string }
export type SourceDoors = {
  readonly log: Log
  readonly clock: Clock
  /** Resolves with what cannot be kept; `line` is the place of its point, counted from 1. */
  readonly push: (points: readonly Point[]) => Promise<readonly Rejection[]>
  /** Says that series have no value any more, for those who look at the newest one. */
  readonly end: (series: readonly SeriesName[], timeMs: number) => void
  /** Reads a page of metrics. */
  readonly readPage: ReadPage
  readonly readFile: (path: string) => Promise<string>
  /** Paths that match a pattern with `*`. */
  readonly listFiles: (pattern: string) => Promise<readonly string[]>
  /** Sizes of the file system a path lies on, as `statfs(2)` tells them. */
  readonly statfs: (path: string) => Promise<FileSystemSizes>
  readonly hostname: string
  readonly fetch: typeof fetch
  /** The collector's own figures, for the `self` source. */
  readonly ownStats: () => Readonly<Record<string, FieldValue>>
}

/** `bsize` in bytes; the others count blocks and files. `bavail` leaves out what only root may use. */
export type FileSystemSizes = {
  readonly bsize: number
  readonly blocks: number
  readonly bfree: number
  readonly bavail: number
  readonly files: number
  readonly ffree: number
}

/** Gathers points by itself: this host, the collector's own metrics, scrape targets. */
export interface Source {
  start(): void
  stop(): Promise<void>
}

export const defineNotifier = <Schema extends z.ZodType>(kind: Kind<Schema, NotifierDoors, Notifier>) => kind
export const defineProbe = <Schema extends z.ZodType>(kind: Kind<Schema, ProbeDoors, Probe>) => kind
export const defineStore = <Schema extends z.ZodType>(kind: Kind<Schema, StoreDoors, Store>) => kind
export const defineSource = <Schema extends z.ZodType>(kind: Kind<Schema, SourceDoors, Source>) => kind
