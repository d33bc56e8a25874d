import type { FieldInfo } from '../model/store.ts'
import type { ReloadStatus } from './reload.ts'

/** `GET /api/v1/catalog/measurements` */
export type MeasurementsResponse = { measurements: readonly string[] }
/** `GET /api/v1/catalog/fields?measurement=` */
export type FieldsResponse = { fields: readonly FieldInfo[] }
/** `GET /api/v1/catalog/tags?measurement=` */
export type TagsResponse = { tags: readonly string[] }
/** `GET /api/v1/catalog/tag-values?tag=&measurement=` */
export type TagValuesResponse = { values: readonly string[] }
/** `GET /api/v1/status` */
export type StatusResponse = {
  version: string
  startedAt: string
  store: { kind: string; ok: boolean; message: string; bytesOnDisk?: number; seriesCount?: number }
  rules: number
  /** Null: not since the start. */
  reload: ReloadStatus | null
  probes: number
  pointsAccepted: number
  spool: { bytes: number; bytesMax: number; ageSeconds: number; quarantined: number; damaged: number }
}
