import { lastValueFrom } from 'rxjs'
import type { CollectorClient } from '../../../client/collector-client.ts'
import { createRowReader } from '../row-reader.ts'
import type { AlertRow } from '../view-model.ts'

const alertsMax = 10_000

/** The alerts that really were active in a range, as the collector remembers them. */
export async function loadPastRows(
  find: () => CollectorClient | undefined,
  range: { from: number; to: number },
): Promise<readonly AlertRow[]> {
  const client = find()
  if (!client) return []
  const query = { refId: 'A', kind: 'alerts' as const, view: 'all' as const, limit: alertsMax }
  const { results } = await lastValueFrom(client.query({ range, queries: [query] }))
  const frames = results.A?.frames
  if (!frames) throw new Error(results.A?.error?.message ?? 'The collector gave no answer.')
  return createRowReader()(
    frames.map((frame) => ({
      length: frame.fields[0]?.values.length ?? 0,
      fields: frame.fields.map(({ name, values }) => ({ name, values: [...values], type: 'other' as never, config: {} })),
    })),
  )
}
