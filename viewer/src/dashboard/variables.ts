import {
  AdHocFiltersVariable,
  ConstantVariable,
  CustomVariable,
  DataSourceVariable,
  IntervalVariable,
  QueryVariable,
  type SceneVariable,
  SceneVariableSet,
  SwitchVariable,
  TextBoxVariable,
} from '@grafana/scenes'
import type { VariableModel } from '@grafana/schema'

/** What newer dashboards write beside the model of the schema package. */
type ClassicVariable = VariableModel & {
  filters?: { key: string; operator: string; value: string }[]
  baseFilters?: { key: string; operator: string; value: string }[]
  auto?: boolean
  auto_count?: number
  auto_min?: string
  definition?: string
}

type Converter = (variable: ClassicVariable) => SceneVariable

const converters: Readonly<Record<string, Converter>> = {
  query: toQuery,
  custom: (variable) => new CustomVariable({ ...shared(variable), ...choice(variable), query: text(variable.query) }),
  interval: toInterval,
  textbox: (variable) => new TextBoxVariable({ ...shared(variable), value: text(variable.current?.value ?? variable.query) }),
  constant: (variable) => new ConstantVariable({ ...shared(variable), value: text(variable.query) }),
  datasource: (variable) =>
    new DataSourceVariable({ ...shared(variable), ...choice(variable), pluginId: text(variable.query), regex: variable.regex ?? '' }),
  adhoc: toAdHoc,
  switch: toSwitch,
}

/** The variables of a classic dashboard. Unknown types are left out and named in the answer. */
export function toVariableSet(list: readonly VariableModel[]): { variables: SceneVariableSet; unknown: string[] } {
  const known = list.filter((variable) => variable.type in converters)
  const unknown = list.filter((variable) => !(variable.type in converters)).map(({ name, type }) => `${name} (${type})`)
  return { variables: new SceneVariableSet({ variables: known.map((one) => convert(one as ClassicVariable)) }), unknown }
}

function convert(variable: ClassicVariable): SceneVariable {
  const converter = converters[variable.type]
  if (!converter) throw new Error(`The variable ${variable.name} has the unknown type ${variable.type}.`)
  return converter(variable)
}

function shared({ name, label, description, hide, skipUrlSync }: ClassicVariable) {
  return {
    name,
    skipUrlSync: skipUrlSync ?? false,
    ...(label && { label }),
    ...(description && { description }),
    ...(hide !== undefined && { hide: hide as number }),
  }
}

function choice({ current, multi, includeAll, allValue, allowCustomValue }: ClassicVariable) {
  return {
    value: current?.value ?? '',
    text: current?.text ?? '',
    isMulti: multi ?? false,
    includeAll: includeAll ?? false,
    defaultToAll: includeAll === true,
    allowCustomValue: allowCustomValue ?? true,
    ...(allValue && { allValue }),
  }
}

function toQuery(variable: ClassicVariable) {
  return new QueryVariable({
    ...shared(variable),
    ...choice(variable),
    query: (variable.query ?? '') as string,
    regex: variable.regex ?? '',
    datasource: variable.datasource ?? null,
    refresh: (variable.refresh ?? 1) as number,
    sort: (variable.sort ?? 0) as number,
    ...(variable.definition && { definition: variable.definition }),
  })
}

function toInterval(variable: ClassicVariable) {
  const intervals = text(variable.query)
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
  return new IntervalVariable({
    ...shared(variable),
    intervals,
    value: text(variable.current?.value ?? intervals[0] ?? '1m'),
    autoEnabled: variable.auto ?? false,
    autoStepCount: variable.auto_count ?? 30,
    autoMinInterval: variable.auto_min ?? '10s',
    refresh: (variable.refresh ?? 2) as number,
  })
}

function toAdHoc(variable: ClassicVariable) {
  return new AdHocFiltersVariable({
    ...shared(variable),
    datasource: variable.datasource ?? null,
    filters: variable.filters ?? [],
    baseFilters: variable.baseFilters ?? [],
    applyMode: 'auto',
    layout: 'combobox',
    allowCustomValue: variable.allowCustomValue ?? true,
    supportsMultiValueOperators: true,
  })
}

function toSwitch(variable: ClassicVariable) {
  const [enabledValue, disabledValue] = (variable.options ?? []).map((option) => text(option.value))
  return new SwitchVariable({
    ...shared(variable),
    value: text(variable.current?.value ?? disabledValue ?? 'false'),
    enabledValue: enabledValue ?? 'true',
    disabledValue: disabledValue ?? 'false',
  })
}

function text(value: unknown): string {
  return Array.isArray(value)
    ? value.map(String).join(',')
    : typeof value === 'string'
      ? value
      : value === undefined || value === null
        ? ''
        : String(value)
}
