import type { QueryEditorProps } from '@grafana/data'
import { InlineField, RadioButtonGroup, Stack } from '@grafana/ui'
import { useId } from 'react'
import type { CollectorSource } from './collector-source.ts'
import { AlertsEditor, DeploymentsEditor, HealthEditor } from './ListEditors.tsx'
import { MetricsEditor } from './MetricsEditor.tsx'
import type { QueryKind, TidewatchOptions, TidewatchQuery } from './query-model.ts'

type Props = QueryEditorProps<CollectorSource, TidewatchQuery, TidewatchOptions>

const kinds: { value: QueryKind; label: string; description: string }[] = [
  { value: 'metrics', label: 'Metrics', description: 'Numbers over time' },
  { value: 'health', label: 'Health', description: 'Components and their states' },
  { value: 'alerts', label: 'Alerts', description: 'What is wrong, now or in the range' },
  { value: 'deployments', label: 'Deployments', description: 'What changed in the range' },
]

const editors = { metrics: MetricsEditor, health: HealthEditor, alerts: AlertsEditor, deployments: DeploymentsEditor }

export function QueryEditor({ query, onChange, onRunQuery, datasource }: Props) {
  const id = useId()
  const kind = query.kind ?? 'metrics'
  const change = (parts: Partial<TidewatchQuery>) => {
    onChange({ ...query, kind, ...parts })
    onRunQuery()
  }
  const KindEditor = editors[kind]
  return (
    <Stack direction="column" gap={0}>
      <InlineField label="Show" labelWidth={14} htmlFor={id}>
        {/* The views of one kind mean nothing to another. */}
        <RadioButtonGroup id={id} options={kinds} value={kind} onChange={(next) => change({ kind: next, view: undefined })} />
      </InlineField>
      <KindEditor query={{ ...query, kind }} change={change} datasource={datasource} />
    </Stack>
  )
}
