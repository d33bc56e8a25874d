import { Combobox, type ComboboxOption, MultiCombobox } from '@grafana/ui'
import { compareNaturally } from '../format/natural-order.ts'

/** Asks the collector which names there are. */
export type LoadNames = () => Promise<readonly string[]>

type Shared = { id?: string; label: string; load: LoadNames; placeholder?: string; width?: number }

/** One name, completed from what the collector knows; a name it does not know yet (or a variable) may be typed. */
export function NameCombobox({
  id,
  label,
  load,
  placeholder,
  width = 30,
  value,
  onChange,
}: Shared & { value: string | undefined; onChange: (value: string) => void }) {
  return (
    <Combobox<string>
      id={id}
      aria-label={label}
      width={width}
      placeholder={placeholder}
      createCustomValue
      options={async (input) => toOptions(await load(), input)}
      value={value ? { value, label: value } : null}
      onChange={(option) => onChange(option.value)}
    />
  )
}

/** Several names. */
export function NamesCombobox({
  id,
  label,
  load,
  placeholder,
  width = 40,
  value,
  onChange,
}: Shared & { value: readonly string[] | undefined; onChange: (value: string[]) => void }) {
  return (
    <MultiCombobox<string>
      id={id}
      aria-label={label}
      width={width}
      placeholder={placeholder}
      createCustomValue
      options={async (input) => toOptions(await load(), input)}
      value={(value ?? []).map((name) => ({ value: name, label: name }))}
      onChange={(options) => onChange(options.map((option) => option.value))}
    />
  )
}

/** Names that contain what was typed, in natural order. */
export function toOptions(names: readonly string[], input: string): ComboboxOption<string>[] {
  const typed = input.trim().toLowerCase()
  return [...new Set(names)]
    .filter((name) => name.toLowerCase().includes(typed))
    .sort(compareNaturally)
    .map((name) => ({ value: name, label: name }))
}
