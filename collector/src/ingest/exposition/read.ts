import { isUtf8 } from 'node:buffer'
import type { ReadPage } from '../../model/exposition.ts'
import { type ExposedFamily, refuse } from './family.ts'
import { parseOpenMetrics } from './open-metrics.ts'
import { parseOpenMetricsProtobuf } from './open-metrics-protobuf.ts'
import { toPagePoints } from './points.ts'
import { parseProtobuf } from './protobuf.ts'
import { parseText } from './text.ts'

/** Reads a page of metrics; one without a known content type is taken for the text format, as Prometheus does. */
export function readFamilies(body: Uint8Array, contentType: string): ExposedFamily[] {
  const type = contentType.toLowerCase()
  if (type.startsWith('application/vnd.google.protobuf')) return parseProtobuf(body)
  if (type.startsWith('application/openmetrics-protobuf')) return parseOpenMetricsProtobuf(body)
  if (!isUtf8(body)) return refuse('the page is not valid UTF-8')
  const page = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  return type.startsWith('application/openmetrics-text') ? parseOpenMetrics(page) : parseText(page)
}

export const readPage: ReadPage = (body, contentType) => toPagePoints(readFamilies(body, contentType))
