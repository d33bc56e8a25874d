import { InlineField, InlineFieldRow, InlineSwitch, RadioButtonGroup } from '@grafana/ui'
import type { AlertState, Severity } from '../../../collector/src/contract/alerts.ts'
import { CommitInput } from './CommitInput.tsx'
import type { KindEditorProps } from './collector-source.ts'
import { toLimit } from './MetricsEditor.tsx'
import { NamesCombobox } from './NameCombobox.tsx'
import type { TidewatchQuery } from './query-model.ts'
import { toAlertsView } from './request-query.ts'
import { type Findable, findNames } from './variable-query.ts'

const severities: Severity[] = ['critical', 'high', 'warning', 'info']
const states: AlertState[] = ['pending', 'firing', 'recovering', 'no_data', 'error', 'resolved']
const dayMs = 86_400_000

export function HealthEditor(props: KindEditorProps) {
  const { query, change } = props
  return (
    <>
      <InlineField label="View" labelWidth={14}>
        <RadioButtonGroup<NonNullable<TidewatchQuery['view']>>
          options={[
            { value: 'current', label: 'Now' },
            { value: 'history', label: 'Over the range' },
          ]}
          value={query.view === 'history' ? 'history' : 'current'}
          onChange={(view) => change({ view })}
        />
      </InlineField>
      <InlineFieldRow>
        <FoundNames
          {...props}
          label="Components"
          find="components"
          value={query.components}
          onChange={(components) => change({ components })}
        />
        <FoundNames
          {...props}
          label="Environments"
          find="environments"
          value={query.environments}
          onChange={(environments) => change({ environments })}
        />
      </InlineFieldRow>
      <LastRow {...props} />
    </>
  )
}

export function AlertsEditor(props: KindEditorProps) {
  const { query, change } = props
  return (
    <>
      <InlineField label="View" labelWidth={14}>
        <RadioButtonGroup<NonNullable<TidewatchQuery['view']>>
          options={[
            { value: 'active', label: 'Active now' },
            { value: 'all', label: 'Any time in the range' },
            { value: 'count', label: 'How many now' },
            { value: 'noise', label: 'Noise per rule' },
          ]}
          value={toAlertsView(query.view)}
          onChange={(view) => change({ view })}
        />
      </InlineField>
      <InlineFieldRow>
        <InlineField label="Severities" labelWidth={14}>
          <NamesCombobox
            label="Severities"
            placeholder="All"
            load={async () => severities}
            value={query.severities}
            onChange={(next) => change({ severities: next })}
          />
        </InlineField>
        <InlineField label="States" labelWidth={14}>
          <NamesCombobox
            label="States"
            placeholder="All"
            load={async () => states}
            value={query.states}
            onChange={(next) => change({ states: next })}
          />
        </InlineField>
        <InlineField label="Text" labelWidth={10} tooltip="Alerts whose rule, labels or summary contain this.">
          <CommitInput label="Text" width={24} value={query.text ?? ''} onCommit={(text) => change({ text })} />
        </InlineField>
      </InlineFieldRow>
      <LastRow {...props} />
    </>
  )
}

export function DeploymentsEditor(props: KindEditorProps) {
  const { query, change } = props
  return (
    <>
      <InlineFieldRow>
        <FoundNames {...props} label="Services" find="services" value={query.services} onChange={(services) => change({ services })} />
        <FoundNames
          {...props}
          label="Environments"
          find="environments"
          value={query.environments}
          onChange={(environments) => change({ environments })}
        />
      </InlineFieldRow>
      <LastRow {...props} />
    </>
  )
}

function LastRow({ query, change }: KindEditorProps) {
  return (
    <InlineFieldRow>
      <InlineField label="Limit" labelWidth={14} tooltip="Most rows.">
        <CommitInput label="Limit" width={12} value={query.limit?.toString() ?? ''} onCommit={(text) => change({ limit: toLimit(text) })} />
      </InlineField>
      <InlineField
        label="Live"
        labelWidth={10}
        tooltip="Asks again as soon as the collector tells of a change, without waiting for the refresh."
      >
        <InlineSwitch label="Live" value={query.live ?? false} onChange={(event) => change({ live: event.currentTarget.checked })} />
      </InlineField>
    </InlineFieldRow>
  )
}

type FoundProps = KindEditorProps & { label: string; find: Findable; value: string[] | undefined; onChange: (value: string[]) => void }

function FoundNames({ datasource, label, find, value, onChange }: FoundProps) {
  const load = () => {
    const to = Date.now()
    return findNames({ refId: 'names', find }, { from: to - 30 * dayMs, to }, datasource.client)
  }
  return (
    <InlineField label={label} labelWidth={14}>
      <NamesCombobox label={label} placeholder="All" load={load} value={value} onChange={onChange} />
    </InlineField>
  )
}
