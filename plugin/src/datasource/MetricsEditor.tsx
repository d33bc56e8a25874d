import { Combobox, type ComboboxOption, InlineField, InlineFieldRow } from '@grafana/ui'
import { CommitInput } from './CommitInput.tsx'
import type { KindEditorProps } from './collector-source.ts'
import { NameCombobox, NamesCombobox } from './NameCombobox.tsx'
import type { Aggregate, Fill } from './query-model.ts'
import { WhereEditor } from './WhereEditor.tsx'

const aggregates: ComboboxOption<Aggregate>[] = [
  { value: 'mean', label: 'mean' },
  { value: 'min', label: 'min' },
  { value: 'max', label: 'max' },
  { value: 'sum', label: 'sum' },
  { value: 'count', label: 'count' },
  { value: 'first', label: 'first' },
  { value: 'last', label: 'last' },
  { value: 'median', label: 'median' },
  { value: 'p90', label: 'p90', description: '90th percentile' },
  { value: 'p95', label: 'p95', description: '95th percentile' },
  { value: 'p99', label: 'p99', description: '99th percentile' },
  { value: 'stddev', label: 'stddev', description: 'Standard deviation' },
  { value: 'spread', label: 'spread', description: 'Largest less smallest' },
  { value: 'rate', label: 'rate', description: 'Growth per second of a counter' },
  { value: 'increase', label: 'increase', description: 'Growth of a counter' },
  { value: 'none', label: 'none', description: 'Every point as it was written' },
]

const fills: ComboboxOption<string>[] = [
  { value: 'none', label: 'none', description: 'Empty buckets are left out' },
  { value: 'null', label: 'null', description: 'Empty buckets are gaps' },
  { value: 'previous', label: 'previous' },
  { value: 'linear', label: 'linear' },
  { value: '0', label: '0' },
]

/** Builds a query of numbers, completing every name from the catalogue. */
export function MetricsEditor(props: KindEditorProps) {
  const { query, change, datasource } = props
  const { measurement = '' } = query
  const fieldNames = async () => (measurement ? (await datasource.client.fields(measurement)).map((field) => field.name) : [])
  return (
    <>
      <InlineFieldRow>
        <InlineField label="Measurement" labelWidth={14}>
          <NameCombobox
            label="Measurement"
            placeholder="cpu"
            load={() => datasource.client.measurements()}
            value={query.measurement}
            onChange={(next) => change({ measurement: next })}
          />
        </InlineField>
        <InlineField label="Fields" labelWidth={10}>
          <NamesCombobox
            label="Fields"
            placeholder="usage_user"
            load={fieldNames}
            value={query.fields}
            onChange={(fields) => change({ fields })}
          />
        </InlineField>
        <InlineField label="Aggregate" labelWidth={12}>
          <Combobox
            aria-label="Aggregate"
            width={16}
            options={aggregates}
            value={query.aggregate ?? 'mean'}
            onChange={({ value }) => change({ aggregate: value })}
          />
        </InlineField>
      </InlineFieldRow>
      <WhereEditor {...props} />
      <InlineField label="Group by" labelWidth={14} tooltip="One series for each combination of these tags.">
        <NamesCombobox
          label="Group by"
          placeholder="No tags: one series"
          load={() => datasource.client.tags(measurement || undefined)}
          value={query.groupBy}
          onChange={(groupBy) => change({ groupBy })}
        />
      </InlineField>
      <BucketRow {...props} />
    </>
  )
}

function BucketRow({ query, change }: KindEditorProps) {
  return (
    <InlineFieldRow>
      <InlineField
        label="Every"
        labelWidth={14}
        tooltip="Width of a bucket, such as 1m. Empty: what fits the panel. all: one value for the whole range."
        disabled={query.aggregate === 'none'}
      >
        <CommitInput
          label="Every"
          width={12}
          placeholder="auto"
          value={query.every ?? ''}
          onCommit={(every) => change({ every: every || undefined })}
        />
      </InlineField>
      <InlineField label="Fill" labelWidth={10} tooltip="What stands in buckets without points.">
        <Combobox
          aria-label="Fill"
          width={16}
          createCustomValue
          options={fills}
          value={String(query.fill ?? 'none')}
          onChange={({ value }) => change({ fill: toFill(value) })}
        />
      </InlineField>
      <InlineField label="Limit" labelWidth={10} tooltip="Most rows of each series.">
        <CommitInput
          label="Limit"
          width={12}
          placeholder="10000"
          value={query.limit?.toString() ?? ''}
          onCommit={(text) => change({ limit: toLimit(text) })}
        />
      </InlineField>
      <InlineField label="Alias" labelWidth={10} tooltip="Name of the series; {{field}} and {{tag}} are replaced.">
        <CommitInput
          label="Alias"
          width={24}
          placeholder="{{field}} {{host}}"
          value={query.alias ?? ''}
          onCommit={(alias) => change({ alias: alias || undefined })}
        />
      </InlineField>
    </InlineFieldRow>
  )
}

/** A number fills with itself; anything unknown leaves the buckets out. */
export function toFill(text: string): Fill {
  if (text === 'null' || text === 'previous' || text === 'linear') return text
  const number = Number(text)
  return text.trim() !== '' && Number.isFinite(number) ? number : 'none'
}

export function toLimit(text: string): number | undefined {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : undefined
}
