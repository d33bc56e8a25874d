import { type SceneComponentProps, SceneObjectBase, type SceneObjectState, sceneGraph, VizPanel, type VizPanelState } from '@grafana/scenes'
import { LoadingState } from '@grafana/schema'
import { IconButton } from '@grafana/ui'
import { useEffect, useState } from 'react'

/** How long a query may run before a way to cancel it is shown. */
const patienceMs = 2000

/**
 * A panel whose buttons all have names.
 *
 * Grafana draws what cancels a query, and what stops a live one, as buttons that nobody could be read
 * out. Without a way to cancel, the dots of a live query are no button, and ours stands beside the title.
 */
export class DashboardPanel extends VizPanel {
  constructor(state: Partial<VizPanelState>) {
    super(state)
    Object.defineProperty(this, 'onCancelQuery', { value: undefined })
  }
}

/** Cancels the query of the panel it stands in; shown when that takes long. */
export class CancelQuery extends SceneObjectBase<SceneObjectState> {
  static Component = CancelButton
}

function CancelButton({ model }: SceneComponentProps<CancelQuery>) {
  const provider = sceneGraph.getData(model)
  const isLoading = provider.useState().data?.state === LoadingState.Loading
  const [isLong, setIsLong] = useState(false)
  useEffect(() => {
    if (!isLoading) return undefined
    const timer = setTimeout(() => setIsLong(true), patienceMs)
    return () => {
      clearTimeout(timer)
      setIsLong(false)
    }
  }, [isLoading])
  if (!isLong) return null
  return <IconButton name="sync-slash" size="sm" tooltip="Cancel query" onClick={() => provider.cancelQuery?.()} />
}
