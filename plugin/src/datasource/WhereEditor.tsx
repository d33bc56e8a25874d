import { Button, Combobox, type ComboboxOption, IconButton, InlineField, InlineFieldRow, Stack } from '@grafana/ui'
import type { KindEditorProps } from './collector-source.ts'
import { NameCombobox, NamesCombobox } from './NameCombobox.tsx'
import type { TagFilter } from './query-model.ts'

const operators: ComboboxOption<TagFilter['op']>[] = [
  { value: '=', label: '=' },
  { value: '!=', label: '!=' },
  { value: 'in', label: 'one of' },
  { value: '=~', label: '=~', description: 'Matches a regular expression' },
  { value: '!~', label: '!~', description: 'Does not match' },
]

/** Tag filters, one a row; all of them must hold. */
export function WhereEditor({ query, change, datasource }: KindEditorProps) {
  const { where = [], measurement } = query
  const replaceAt = (at: number, next: TagFilter) => change({ where: where.map((filter, index) => (index === at ? next : filter)) })
  return (
    <InlineField label="Where" labelWidth={14}>
      <Stack direction="column" gap={0.5} alignItems="flex-start">
        {where.map((filter, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a filter has no name of its own; its place is what it is.
          <InlineFieldRow key={index}>
            <NameCombobox
              label={`Tag of filter ${index + 1}`}
              placeholder="Tag"
              width={22}
              load={() => datasource.client.tags(measurement || undefined)}
              value={filter.tag}
              onChange={(tag) => replaceAt(index, { ...filter, tag })}
            />
            <Combobox
              aria-label={`Operator of filter ${index + 1}`}
              width={12}
              options={operators}
              value={filter.op}
              onChange={({ value }) => replaceAt(index, withOperator(filter, value))}
            />
            <FilterValue
              filter={filter}
              place={index + 1}
              load={() => datasource.client.tagValues(filter.tag, measurement || undefined)}
              onChange={(next) => replaceAt(index, next)}
            />
            <IconButton
              name="times"
              tooltip={`Remove filter ${index + 1}`}
              onClick={() => change({ where: where.filter((_kept, at) => at !== index) })}
            />
          </InlineFieldRow>
        ))}
        <Button
          variant="secondary"
          icon="plus"
          aria-label="Add a filter"
          onClick={() => change({ where: [...where, { tag: '', op: '=', value: '' }] })}
        />
      </Stack>
    </InlineField>
  )
}

type ValueProps = { filter: TagFilter; place: number; load: () => Promise<readonly string[]>; onChange: (filter: TagFilter) => void }

function FilterValue({ filter, place, load, onChange }: ValueProps) {
  const label = `Value of filter ${place}`
  const names = async () => (filter.tag ? load() : [])
  if (filter.op === 'in') {
    return (
      <NamesCombobox
        label={label}
        placeholder="Values"
        load={names}
        value={filter.value}
        onChange={(value) => onChange({ ...filter, value })}
      />
    )
  }
  return (
    <NameCombobox
      label={label}
      placeholder="Value"
      load={names}
      value={filter.value}
      onChange={(value) => onChange({ ...filter, value })}
    />
  )
}

/** Keeps what was chosen when the operator changes between one value and several. */
export function withOperator(filter: TagFilter, op: TagFilter['op']): TagFilter {
  const values = [filter.value].flat().filter((value) => value !== '')
  return op === 'in' ? { tag: filter.tag, op, value: values } : { tag: filter.tag, op, value: values[0] ?? '' }
}
