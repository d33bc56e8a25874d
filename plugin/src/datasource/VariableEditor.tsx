import type { QueryEditorProps } from '@grafana/data'
import { Combobox, type ComboboxOption, InlineField, Stack } from '@grafana/ui'
import type { CollectorSource } from './collector-source.ts'
import { NameCombobox } from './NameCombobox.tsx'
import type { TidewatchOptions, TidewatchQuery } from './query-model.ts'
import type { Findable, VariableQuery } from './variable-query.ts'

type Props = QueryEditorProps<CollectorSource, TidewatchQuery, TidewatchOptions, VariableQuery>

const options: ComboboxOption<Findable>[] = [
  { value: 'tag-values', label: 'Values of a tag' },
  { value: 'tags', label: 'Tags' },
  { value: 'measurements', label: 'Measurements' },
  { value: 'fields', label: 'Fields of a measurement' },
  { value: 'components', label: 'Components' },
  { value: 'environments', label: 'Environments' },
  { value: 'services', label: 'Deployed services' },
]

/** Chooses which names a dashboard variable offers. */
export function VariableEditor({ query, onChange, datasource }: Props) {
  const { client } = datasource
  const find = query.find ?? 'tag-values'
  const change = (parts: Partial<VariableQuery>) => onChange({ ...query, refId: query.refId ?? 'Variable', find, ...parts })
  return (
    <Stack direction="column" gap={0}>
      <InlineField label="Offer" labelWidth={14}>
        <Combobox aria-label="Offer" width={30} options={options} value={find} onChange={({ value }) => change({ find: value })} />
      </InlineField>
      {(find === 'tag-values' || find === 'tags' || find === 'fields') && (
        <InlineField label="Measurement" labelWidth={14} tooltip="May be left empty for tags: all measurements then.">
          <NameCombobox
            label="Measurement"
            placeholder="Any"
            load={() => client.measurements()}
            value={query.measurement}
            onChange={(measurement) => change({ measurement })}
          />
        </InlineField>
      )}
      {find === 'tag-values' && (
        <InlineField label="Tag" labelWidth={14}>
          <NameCombobox
            label="Tag"
            placeholder="host"
            load={() => client.tags(query.measurement || undefined)}
            value={query.tag}
            onChange={(tag) => change({ tag })}
          />
        </InlineField>
      )}
    </Stack>
  )
}
