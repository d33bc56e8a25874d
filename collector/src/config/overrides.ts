/** What the command line may say; each is stronger than the environment, and that than the file. */
export type Flags = {
  readonly config?: string
  readonly host?: string
  readonly port?: string
  readonly data?: string
  readonly store?: string
}

type Env = Readonly<Record<string, string | undefined>>
type Override = { readonly path: readonly [string, ...string[]]; readonly value: string; readonly from: string }

const settings = [
  { flag: 'host', env: 'TIDEWATCH_HOST', path: ['server', 'host'] },
  { flag: 'port', env: 'TIDEWATCH_PORT', path: ['server', 'port'] },
  { flag: 'data', env: 'TIDEWATCH_DATA', path: ['data'] },
  { flag: 'store', env: 'TIDEWATCH_STORE', path: ['store', 'type'] },
] as const

/** The strongest word on each setting that flags or the environment speak of. */
export function overridesOf(flags: Flags, env: Env): Override[] {
  return settings.flatMap(({ flag, env: name, path }): Override[] => {
    const given = flags[flag]
    if (given !== undefined) return [{ path, value: given, from: `--${flag}` }]
    const set = env[name]
    return set ? [{ path, value: set, from: name }] : []
  })
}

/**
 * Lays the overrides over the file's data.
 *
 * Another store than the file's starts from its own defaults: options of one kind mean nothing to
 * another.
 */
export function applyOverrides(data: unknown, overrides: readonly Override[], env: Env): unknown {
  if (!isGroup(data)) return data
  const result: Record<string, unknown> = { ...data }
  for (const { path, value } of overrides) {
    const [first, second] = path
    if (second === undefined) result[first] = value
    else if (first === 'store') result.store = isGroup(result.store) && result.store.type === value ? result.store : { type: value }
    else if (isGroup(result[first] ?? {})) result[first] = { ...(result[first] as object), [second]: value }
  }
  return withInfluxUrl(result, env)
}

/** `--store influxdb` alone should do: its address may come from the environment. */
function withInfluxUrl(data: Record<string, unknown>, env: Env): Record<string, unknown> {
  const url = env.TIDEWATCH_INFLUX_URL
  if (!url || !isGroup(data.store) || data.store.type !== 'influxdb' || 'url' in data.store) return data
  return { ...data, store: { ...data.store, url } }
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
