import { Alert, LoadingPlaceholder } from '@grafana/ui'
import { useEffect, useState } from 'react'
import type { StatusResponse } from '../../../collector/src/contract/catalog.ts'
import type { HealthResponse } from '../../../collector/src/contract/health.ts'
import { findSources, type NamedClient } from '../client/collector-client.ts'
import { toCollectorError } from '../client/collector-error.ts'

type Answer = { status: StatusResponse; health: HealthResponse } | { failure: string } | undefined

/** What every configured collector says of itself. */
export function CollectorStatus() {
  const [sources] = useState(findSources)
  if (sources.length === 0) {
    return (
      <Alert severity="info" title="No Tidewatch datasource yet">
        Add one under Connections, with the address of a collector. The dashboards use it then.
      </Alert>
    )
  }
  return sources.map((source) => <OneCollector key={source.name} {...source} />)
}

function OneCollector({ name, client }: NamedClient) {
  const [answer, setAnswer] = useState<Answer>()
  useEffect(() => {
    let current = true
    const keep = (next: Answer) => {
      if (current) setAnswer(next)
    }
    Promise.all([client.status(), client.health()]).then(
      ([status, health]) => keep({ status, health }),
      (thrown: unknown) => keep({ failure: toCollectorError(thrown).message }),
    )
    return () => {
      current = false
    }
  }, [client])

  if (answer === undefined) return <LoadingPlaceholder text={`Asking ${name}…`} />
  if ('failure' in answer)
    return (
      <Alert severity="error" title={`${name} does not answer`}>
        {answer.failure}
      </Alert>
    )
  const { status, health } = answer
  const red = health.components.filter((component) => component.state === 'down').length
  return (
    <Alert
      severity={health.status === 'HEALTHY' ? 'success' : health.status === 'DEGRADED' ? 'warning' : 'error'}
      title={`${name}: ${health.status.toLowerCase()}`}
    >
      Tidewatch {status.version} on its {status.store.kind} store. {health.components.length} components, {red} down. {status.rules} rules.
    </Alert>
  )
}
