import type { AnnotationQuery } from '@grafana/data'
import { dataLayers, SceneDataLayerSet } from '@grafana/scenes'
import type { AnnotationContainer } from '@grafana/schema'

/** Grafana's own annotation store, which every dashboard lists and which does not exist here. */
const isGrafanas = (query: { builtIn?: number; datasource?: { uid?: string; type?: string } | null }) =>
  query.builtIn === 1 || query.datasource?.uid === '-- Grafana --' || query.datasource?.type === 'grafana'

/** The annotation queries of a dashboard as layers that every graph draws. */
export function toAnnotationLayers(container: AnnotationContainer | undefined): SceneDataLayerSet {
  const queries = (container?.list ?? []).filter((query) => !isGrafanas(query))
  return new SceneDataLayerSet({
    layers: queries.map(
      (query) =>
        new dataLayers.AnnotationsDataLayer({
          key: `annotations-${query.name}`,
          name: query.name,
          // The model of the schema package types `target` for Grafana's own store only.
          query: { ...query, enable: query.enable } as unknown as AnnotationQuery,
          isEnabled: query.enable,
          isHidden: query.hide === true,
        }),
    ),
  })
}
