import type { Config } from '../config/config.ts'
import type { ReloadStatus } from '../contract/reload.ts'
import type { Clock } from '../lib/clock.ts'
import { messageOf } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import { counted } from '../lib/words.ts'
import type { AuditLog } from '../model/audit.ts'
import { alertingParts } from './alerting-parts.ts'

export type ReloadOptions = {
  readonly config: Config
  readonly readConfig: () => Config
  /** Puts the alerting parts of a configuration in force; rejects when nothing was changed. Names the rules that start without stored samples. */
  readonly apply: (config: Config) => Promise<{ readonly unseeded: readonly string[] }>
  readonly audit: AuditLog
  readonly clock: Clock
  readonly log: Log
}

/** What is taken over at once; everything else waits for the next start. */
const reloadable = new Set<string>([...alertingParts, 'gates', 'file'])

/** Reads rules, routes and receivers again while the collector runs. A configuration with an error changes nothing. */
export function createReload({ readConfig, apply, audit, clock, log, ...options }: ReloadOptions) {
  let config = options.config
  let last: ReloadStatus | null = null
  let underWay: Promise<unknown> = Promise.resolve()

  async function attempt(actor: string): Promise<ReloadStatus> {
    const at = new Date(clock.now()).toISOString()
    try {
      const next = readConfig()
      const waiting = changedKeys(config, next).filter((key) => !reloadable.has(key))
      const { unseeded } = await apply(next)
      config = next
      last = { ok: true, at, message: successText(next, waiting, unseeded) }
      log.info({ rules: next.rules.length, waiting, unseeded }, 'the configuration was read again')
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
    /** One after the other; a refusal is an answer. */
    reload(actor: string): Promise<ReloadStatus> {
      const done = underWay.then(() => attempt(actor))
      underWay = done
      return done
    },
    lastReload: (): ReloadStatus | null => last,
    /** The configuration in force. */
    config: (): Config => config,
  }
}

function successText({ rules, receivers }: Config, waiting: readonly string[], unseeded: readonly string[]): string {
  return [
    `In force are ${counted(rules.length, 'rule')}, the routes and ${counted(receivers.length, 'receiver')}.`,
    ...(unseeded.length === 0 ? [] : [`Stored samples could not be read for ${unseeded.join(', ')}: they begin without.`]),
    ...(waiting.length === 0 ? [] : [`What changed in ${waiting.join(', ')} needs a restart.`]),
  ].join(' ')
}

function changedKeys(before: Config, after: Config): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Config>
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
}
