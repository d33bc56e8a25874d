import { CustomVariableSupport, type DataQueryRequest, type DataQueryResponse, type MetricFindValue } from '@grafana/data'
import { getTemplateSrv } from '@grafana/runtime'
import { from, type Observable } from 'rxjs'
import type { CollectorSource } from './collector-source.ts'
import { VariableEditor } from './VariableEditor.tsx'
import { findNames, type VariableQuery } from './variable-query.ts'

/** Variables filled from the collector's catalogue, health and deployments. */
export class TidewatchVariableSupport extends CustomVariableSupport<CollectorSource, VariableQuery> {
  override editor = VariableEditor

  private readonly datasource: CollectorSource

  constructor(datasource: CollectorSource) {
    super()
    this.datasource = datasource
  }

  override query(request: DataQueryRequest<VariableQuery>): Observable<DataQueryResponse> {
    const [query] = request.targets
    return from(this.find(query, request).then((data) => ({ data })))
  }

  override getDefaultQuery(): Partial<VariableQuery> {
    return { find: 'tag-values' }
  }

  private async find(query: VariableQuery | undefined, request: DataQueryRequest<VariableQuery>): Promise<MetricFindValue[]> {
    if (query === undefined) return []
    const replace = (text: string | undefined) => (text ? getTemplateSrv().replace(text, request.scopedVars) : undefined)
    const range = { from: request.range.from.valueOf(), to: request.range.to.valueOf() }
    const asked = { ...query, measurement: replace(query.measurement), tag: replace(query.tag) }
    const names = await findNames(asked, range, this.datasource.client)
    return names.map((text) => ({ text, value: text }))
  }
}
