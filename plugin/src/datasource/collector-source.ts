import type { DataSourceApi } from '@grafana/data'
import type { CollectorClient } from '../client/collector-client.ts'
import type { TidewatchOptions, TidewatchQuery } from './query-model.ts'

/** What editors and variables need of the datasource. */
export interface CollectorSource extends DataSourceApi<TidewatchQuery, TidewatchOptions> {
  readonly client: CollectorClient
}

/** What the editor of one kind of query gets. */
export type KindEditorProps = {
  query: TidewatchQuery
  /** Changes parts of the query and runs it. */
  change: (parts: Partial<TidewatchQuery>) => void
  datasource: CollectorSource
}
