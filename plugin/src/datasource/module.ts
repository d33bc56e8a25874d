import { DataSourcePlugin } from '@grafana/data'
import { ConfigEditor } from './ConfigEditor.tsx'
import { TidewatchDatasource } from './datasource.ts'
import { QueryEditor } from './QueryEditor.tsx'
import type { TidewatchOptions, TidewatchQuery, TidewatchSecrets } from './query-model.ts'

export const plugin = new DataSourcePlugin<TidewatchDatasource, TidewatchQuery, TidewatchOptions, TidewatchSecrets>(TidewatchDatasource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
