import type { Alerts } from '../alerts/alerts.ts'
import { seriesKindOf } from '../alerts/rules/kind-of.ts'
import type { Config } from '../config/config.ts'
import type { ReloadStatus } from '../contract/reload.ts'
import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { Live } from '../live/live.ts'
import type { AuditLog } from '../model/audit.ts'

export type ReloadOptions = {
  readonly config: Config
  readonly readConfig: () => Config
  /** An engine for this configuration, not yet started. */
  readonly create: (config: Config) => Alerts
  readonly live: Live
  readonly audit: AuditLog
  readonly clock: Clock
  readonly log: Log
}

/** What a new engine takes over; everything else waits for the next start. */
const reloadable = new Set<string>([
  ...['rules', 'route', 'receivers', 'inhibit_rules', 'time_intervals', 'escalations', 'flapping', 'silences', 'heartbeat'],
  'file',
])

/**
 * Alerts whose rules, routes and receivers can be read again while the collector runs.
 *
 * A reload ends one engine and begins another, as a restart does: the new one finds the alerts, and
 * what receivers were told, in the state. A configuration with an error changes nothing.
 */
export function createReloadableAlerts({ readConfig, create, live, audit, clock, log, ...options }: ReloadOptions) {
  let config = options.config
  let engine = create(config)
  let last: ReloadStatus | null = null
  let underWay: Promise<unknown> = Promise.resolve()

  /** The engine of the day, whoever holds on to it. */
  const alerts = lateBound(() => engine)

  async function replace(next: Config): Promise<void> {
    const before = engine
    const after = create(next)
    const release = holdSamples(next, live)
    try {
      await before.stop()
      engine = after
      await after.start()
      config = next
    } catch (thrown) {
      await after.stop()
      engine = create(config)
      await engine.start()
      throw thrown
    } finally {
      release()
    }
  }

  async function attempt(actor: string): Promise<ReloadStatus> {
    const at = new Date(clock.now()).toISOString()
    try {
      const next = readConfig()
      const waiting = changedKeys(config, next).filter((key) => !reloadable.has(key))
      await replace(next)
      const rest = waiting.length === 0 ? '' : ` What changed in ${waiting.join(', ')} needs a restart.`
      last = { ok: true, at, message: `${next.rules.length} rules, the routes and ${next.receivers.length} receivers are in force.${rest}` }
      log.info({ rules: next.rules.length, waiting }, 'the configuration was read again')
    } catch (thrown) {
      last = { ok: false, at, message: `Nothing was changed: ${messageOf(thrown)}` }
      log.error({ err: thrown }, 'the configuration could not be read again; the rules and routes before stay in force')
    }
    audit.record({
      atMs: clock.now(),
      actor,
      action: 'config.reload',
      target: config.file ?? '',
      detail: { ok: last.ok, message: last.message },
    })
    return last
  }

  return {
    alerts,
    /** One after the other; a refusal is an answer. */
    reload(actor: string): Promise<ReloadStatus> {
      const done = underWay.then(() => attempt(actor))
      underWay = done
      return done
    },
    lastReload: (): ReloadStatus | null => last,
  }
}

/** What is asked of it is asked of the target of that moment, also by those who took a part of it long before. */
function lateBound<Target extends object>(target: () => Target): Target {
  return new Proxy({} as Target, {
    get(_, key) {
      const part: unknown = Reflect.get(target(), key)
      if (typeof part === 'function')
        return (...given: unknown[]) => Reflect.apply(Reflect.get(target(), key) as typeof part, target(), given)
      return typeof part === 'object' && part !== null ? lateBound(() => Reflect.get(target(), key) as object) : part
    },
  })
}

/** Keeps the samples of the new rules in memory while no engine looks at them. */
function holdSamples({ rules }: Config, live: Live): () => void {
  const watches = rules.flatMap((rule) => {
    const inputs = seriesKindOf(rule)?.inputs(rule.options)
    return (inputs?.selectors ?? []).map((selector) => live.watch(selector, inputs?.keepMs ?? 0, () => {}))
  })
  return () => {
    for (const watch of watches) watch.close()
  }
}

function changedKeys(before: Config, after: Config): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Config>
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
}
