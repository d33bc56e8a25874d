import { counted } from '../../lib/words.ts'
import type { Point } from '../../model/point.ts'
import { type Taken, takeEntries, toNumber, toTimeNs } from './taken.ts'

type Value = { readonly source: string; readonly value: number | undefined }
type ValueList = {
  readonly host: string
  readonly plugin: string
  readonly instance: string
  readonly type: string
  readonly typeInstance: string
  readonly time: number | undefined
  readonly values: readonly Value[]
}

/**
 * collectd's write_http in JSON. The names are those of InfluxDB's own collectd listener: a measurement
 * `plugin_source` for each data source, such as `interface_rx`. Null stands for an unknown value.
 * https://github.com/collectd/collectd/wiki/JSON
 */
export function toCollectdPoints(parsed: unknown): Taken {
  return takeEntries(parsed, (entry) => {
    const { values, dsnames, time } = entry
    if (!Array.isArray(values) || !Array.isArray(dsnames)) return 'it has no values and dsnames'
    if (values.length !== dsnames.length) return `it has ${counted(values.length, 'value')} and ${counted(dsnames.length, 'dsname')}`
    const text = (name: string) => (typeof entry[name] === 'string' ? entry[name] : '')
    const [host, plugin, type] = [text('host'), text('plugin'), text('type')]
    if (host === '' || plugin === '' || type === '') return 'host, plugin or type is missing'
    if (values.some((value) => value !== null && toNumber(value) === undefined)) return 'a value is no number'
    return toPoints({
      ...{ host, plugin, type, instance: text('plugin_instance'), typeInstance: text('type_instance'), time: toNumber(time) },
      values: values.map((value, index) => ({ source: String(dsnames[index]), value: toNumber(value) })),
    })
  })
}

function toPoints({ host, plugin, instance, type, typeInstance, time, values }: ValueList): Point[] {
  const tags = { host, instance, type, type_instance: typeInstance }
  const timeNs = time === undefined ? {} : { timeNs: toTimeNs(time) }
  return values.flatMap(({ source, value }) =>
    value === undefined ? [] : [{ measurement: `${plugin}_${source}`, tags, fields: { value }, ...timeNs }],
  )
}

/** Text has no names of data sources; these are collectd's own of its types with several. */
const sourcesOf: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^if_/, ['rx', 'tx']],
  [/^(?:disk|compression|io)_/, ['read', 'write']],
  [/^load$/, ['shortterm', 'midterm', 'longterm']],
  [/^ps_(?:count|cputime|disk_octets|disk_ops|pagefaults)$/, ['0', '1']],
]

const command = /^PUTVAL\s+(?:"((?:[^"\\]|\\.)*)"|(\S+))\s+((?:\S+=\S+\s+)*)(\S+)\s*$/i

/**
 * The same as text, a command a line: `PUTVAL host/plugin-instance/type-instance interval=10 time:value:value`.
 * https://www.collectd.org/documentation/manpages/collectd-unixsock.html
 */
export function toPutvalPoints(body: string): Taken {
  const taken: Taken = { points: [], refused: [] }
  for (const [index, line] of body.split('\n').entries()) {
    if (line.trim() === '') continue
    const list = parsePutval(line.trim())
    if (typeof list === 'string') taken.refused.push(`line ${index + 1}: ${list}`)
    else taken.points.push(...toPoints(list))
  }
  return taken
}

function parsePutval(line: string): ValueList | string {
  const [, quoted, bare, , data = ''] = command.exec(line) ?? []
  const [host = '', pluginPart = '', typePart = ''] = (quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '').split('/')
  const [plugin, instance] = split(pluginPart)
  const [type, typeInstance] = split(typePart)
  if (host === '' || plugin === '' || type === '') return 'is no PUTVAL host/plugin/type time:value'
  const [time = '', ...texts] = data.split(':')
  if (texts.length === 0 || (time !== 'N' && toNumber(time) === undefined)) return `"${data}" is no time:value`
  const names = sourcesOf.find(([pattern]) => pattern.test(type))?.[1]
  const values = texts.map((text, at) => ({
    source: texts.length === 1 ? 'value' : (names?.[at] ?? String(at)),
    value: text === 'U' ? undefined : toNumber(text),
  }))
  if (values.some(({ value }, at) => value === undefined && texts[at] !== 'U')) return `"${data}" holds what is no number`
  return { host, plugin, instance, type, typeInstance, time: time === 'N' ? undefined : toNumber(time), values }
}

/** At the first hyphen: `cpu-0`. */
function split(part: string): [string, string] {
  const at = part.indexOf('-')
  return at === -1 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)]
}
