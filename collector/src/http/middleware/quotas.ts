import type { Context } from 'hono'
import { Counter, type Registry } from 'prom-client'
import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../lib/errors.ts'
import type { Quota, TokenEntry } from '../../model/token.ts'
import type { HttpEnv } from '../env.ts'
import { type Meter, type QuotaKind, quotaKinds } from './meter.ts'
import { createBucket } from './token-bucket.ts'

/** The meter of a token by its name: tokens of one name share it, so that changing a token changes nothing. */
export type Quotas = { meterOf(name: string): Meter }

const allowed = { requests: 'requestsPerSecond', bytes: 'bytesPerSecond', points: 'pointsPerSecond' } as const

type Doors = { readonly tokens: readonly TokenEntry[]; readonly clock: Clock; readonly registry: Registry }

/** Keeps one application from taking the room of all others. */
export function createQuotas({ tokens, clock, registry }: Doors): Quotas {
  const counters = createCounters(registry)
  const meters = new Map<string, Meter>()

  function createMeter(name: string, quota: Quota | undefined): Meter {
    const buckets = new Map(
      quotaKinds.flatMap((kind) => {
        const perSecond = quota?.[allowed[kind]]
        return quota && perSecond !== undefined ? [[kind, createBucket({ perSecond, burstMs: quota.burstMs, clock })] as const] : []
      }),
    )
    return {
      check(kind) {
        const waitMs = buckets.get(kind)?.waitMs() ?? 0
        if (waitMs === 0) return
        counters.refused.inc({ token: name, quota: kind })
        throw new AppError(
          'TOO_MANY_REQUESTS',
          `The token "${name}" may write ${quota?.[allowed[kind]]} ${kind} a second and has written more; send this again in ${Math.ceil(waitMs / 1000)} s.`,
          { retryable: true, retryAfterMs: waitMs },
        )
      },
      spend(kind, amount) {
        counters[kind].inc({ token: name }, amount)
        buckets.get(kind)?.take(amount)
      },
    }
  }

  return {
    meterOf(name) {
      const known = meters.get(name)
      if (known) return known
      const meter = createMeter(name, tokens.find((token) => token.name === name && token.quota)?.quota)
      meters.set(name, meter)
      return meter
    },
  }
}

function createCounters(registry: Registry) {
  const registers = [registry]
  const counter = (kind: QuotaKind) =>
    new Counter({ name: `tidewatch_token_${kind}_total`, help: `Written with a token: ${kind}.`, labelNames: ['token'], registers })
  return {
    requests: counter('requests'),
    bytes: counter('bytes'),
    points: counter('points'),
    refused: new Counter({
      name: 'tidewatch_token_refused_total',
      help: 'Requests refused because the token had used up a quota.',
      labelNames: ['token', 'quota'],
      registers,
    }),
  }
}

/** Lets a request in, and remembers whom its bytes and points are counted for. */
export function admit(c: Context<HttpEnv>, meter: Meter): void {
  c.set('meter', meter)
  for (const kind of quotaKinds) meter.check(kind)
  meter.spend('requests', 1)
}

/** Counts what a request brings; called before any of it is written, it throws when others of the token came first. */
export function pay(c: Context<HttpEnv>, kind: QuotaKind, amount: number): void {
  const meter = c.get('meter')
  meter?.check(kind)
  meter?.spend(kind, amount)
}

/** The same for line protocol, whose points are known when it has been scanned. */
export function payWhenScanned(c: Context<HttpEnv>): { onScanned(points: number): void } {
  const meter = c.get('meter')
  meter?.check('points')
  return { onScanned: (points) => meter?.spend('points', points) }
}
