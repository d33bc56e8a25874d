import {
  dataLayers,
  type SceneComponentProps,
  SceneDataLayerSet,
  SceneObjectBase,
  type SceneObjectState,
  sceneGraph,
} from '@grafana/scenes'
import { InlineSwitch } from '@grafana/ui'

/** A switch for each annotation query of the dashboard, by its name. */
export class AnnotationSwitches extends SceneObjectBase<SceneObjectState> {
  static Component = AnnotationSwitchesRow
}

function AnnotationSwitchesRow({ model }: SceneComponentProps<AnnotationSwitches>) {
  const layers = sceneGraph.getDataLayers(model, true).flatMap((one) => (one instanceof SceneDataLayerSet ? one.state.layers : []))
  return layers.map((layer) =>
    layer instanceof dataLayers.AnnotationsDataLayer ? <LayerSwitch key={layer.state.key} layer={layer} /> : null,
  )
}

function LayerSwitch({ layer }: { layer: dataLayers.AnnotationsDataLayer }) {
  const { name, isEnabled, isHidden, key } = layer.useState()
  if (isHidden) return null
  return (
    <InlineSwitch
      id={`switch-${key}`}
      label={name}
      showLabel
      value={isEnabled ?? false}
      onChange={() => layer.setState({ isEnabled: !isEnabled })}
    />
  )
}
