import { z } from 'zod'
import { createFakeClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import type { StreamEvent } from '../model/event.ts'
import type { Probe, ProbeResult } from '../model/health.ts'
import type { Point } from '../model/point.ts'
import { componentShape } from './component.ts'
import { createHealth, type HealthOptions } from './create-health.ts'
import { type ComponentRecord, createMemoryHealthRecords } from './records.ts'

const schema = z.object({ ...componentShape, type: z.string().default('http') })
export const fine: ProbeResult = { ok: true, latencyMs: 12, message: 'answered 200' }
export const broken: ProbeResult = { ok: false, latencyMs: 3, message: 'answered 503, expected 200–399' }
export const midnight = Date.UTC(2026, 0, 1)

type Given = { components?: z.input<typeof schema>[]; probe?: Probe; saved?: ComponentRecord[] } & Partial<
  Omit<HealthOptions, 'components'>
>

/** A health engine on a clock that stands still, with everything it said. */
export function createScene({ components = [{ name: 'api' }], probe, saved = [], ...doors }: Given = {}) {
  const clock = createFakeClock(midnight)
  const events: Extract<StreamEvent, { type: 'health' }>[] = []
  const points: Point[] = []
  const records = createMemoryHealthRecords(saved)
  const scene = { result: fine as ProbeResult | undefined, checks: 0 }
  const answer: Probe = {
    check: async () => {
      scene.checks++
      return scene.result
    },
  }
  const health = createHealth({
    components: components.map((component) => schema.parse(component)),
    probeFor: () => probe ?? answer,
    clock,
    random: () => 0.5,
    records,
    emit: (event) => event.type === 'health' && events.push(event),
    push: async (given) => void points.push(...given),
    log: silentLog,
    ...doors,
  })
  const only = () => health.components()[0]
  return Object.assign(scene, { clock, events, points, records, health, only })
}
