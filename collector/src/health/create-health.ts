import type { Clock } from '../lib/clock.ts'
import { AppError } from '../lib/errors.ts'
import type { Log } from '../lib/log.ts'
import type { StreamEvent } from '../model/event.ts'
import { type ComponentHealth, componentStates, type OverallStatus, type Probe } from '../model/health.ts'
import type { Point } from '../model/point.ts'
import { type Cell, createCell, type Outcome } from './cell.ts'
import type { Component } from './component.ts'
import type { Health } from './health.ts'
import { overallStatus } from './overall.ts'
import type { HealthRecords } from './records.ts'
import { createRunner } from './runner.ts'

const minuteMs = 60_000

export type HealthOptions = {
  readonly components: readonly Component[]
  readonly probeFor: (component: Component) => Probe
  readonly clock: Clock
  readonly random: () => number
  readonly records: HealthRecords
  readonly emit: (event: StreamEvent) => void
  /** Takes the points of measurement `health`: one for each check and each change of state. */
  readonly push: (points: readonly Point[]) => Promise<void>
  readonly log: Log
}

type Entry = { readonly cell: Cell; readonly probe: Probe; emittedMs: number }

export function createHealth({ components, probeFor, clock, random, records, emit, push, log }: HealthOptions): Health {
  const saved = new Map(records.load().map((record) => [keyOf(record.name, record.environment), record]))
  const entries = new Map<string, Entry>()
  for (const component of components) {
    const key = keyOf(component.name, component.environment)
    if (entries.has(key)) throw duplicate(component)
    const cell = createCell(component, saved.get(key), clock.now())
    entries.set(key, { cell, probe: probeFor(component), emittedMs: Number.NEGATIVE_INFINITY })
  }
  const runners = [...entries.values()].map((entry) =>
    createRunner({ component: entry.cell.component, probe: entry.probe, clock, random, log, onOutcome: (outcome) => take(entry, outcome) }),
  )
  let cancelMinute = () => {}

  const views = (): ComponentHealth[] => [...entries.values()].map(({ cell }) => cell.view())
  const overall = (): OverallStatus => overallStatus(views())

  function take(entry: Entry, outcome: Outcome): void {
    const changed = entry.cell.take(outcome, clock.now())
    publish(entry, changed)
  }

  /** Keeps, writes and tells. Between changes it tells of a component about once an interval. */
  function publish(entry: Entry, changed: boolean): void {
    const view = entry.cell.view()
    if (changed) remember(view)
    push([toPoint(view, clock.now())]).catch((err) => log.warn({ err, component: view.name }, 'health: a result was not stored'))
    if (!changed && clock.monotonic() - entry.emittedMs < entry.cell.component.interval * 0.9) return
    entry.emittedMs = clock.monotonic()
    emit({ type: 'health', status: overall(), component: view })
  }

  function remember(view: ComponentHealth): void {
    if (view.state === 'unknown') return
    const { name, environment, state, since, message, lastCheckedAt } = view
    try {
      records.save({ name, environment, state, since, message, lastCheckedAt })
    } catch (err) {
      log.error({ err, component: name }, 'health: a state was not saved; after a restart its age will be wrong')
    }
  }

  /** Planned work begins and ends on the minute, whatever the interval of the checks. */
  function everyMinute(): void {
    for (const entry of entries.values()) if (entry.cell.refresh(clock.now())) publish(entry, true)
    cancelMinute = clock.after(minuteMs - (clock.now() % minuteMs), everyMinute)
  }

  return {
    start() {
      for (const [key, record] of saved) if (!entries.has(key)) records.remove(record.name, record.environment)
      everyMinute()
      for (const runner of runners) runner.start()
    },
    async stop() {
      cancelMinute()
      await Promise.all(runners.map((runner) => runner.stop()))
    },
    overall,
    components: views,
    heartbeat(name, beat) {
      const entry = findListener([...entries.values()], name, beat.environment)
      take(entry, { result: entry.probe.beat(beat) })
    },
  }
}

type Listener = Entry & { readonly probe: Probe & Required<Pick<Probe, 'beat'>> }

function findListener(entries: readonly Entry[], name: string, environment: string | undefined): Listener {
  const named = entries.filter(({ cell }) => cell.component.name === name)
  const found = environment === undefined ? named : named.filter(({ cell }) => cell.component.environment === environment)
  const [entry, another] = found
  if (!entry) {
    const where = environment === undefined ? '' : ` in ${environment}`
    throw new AppError('NOT_FOUND', `no component is called "${name}"${where}; add it to components with type heartbeat.`)
  }
  if (another) {
    const environments = found.map(({ cell }) => cell.component.environment).join(', ')
    throw new AppError('BAD_REQUEST', `"${name}" exists in several environments (${environments}); say which with "environment".`)
  }
  if (!isListener(entry)) {
    const { type } = entry.cell.component
    throw new AppError('BAD_REQUEST', `"${name}" is checked by ${type} and takes no heartbeats; its type would have to be heartbeat.`)
  }
  return entry
}

function isListener(entry: Entry): entry is Listener {
  return entry.probe.beat !== undefined
}

function toPoint(view: ComponentHealth, nowMs: number): Point {
  return {
    measurement: 'health',
    tags: { component: view.name, environment: view.environment, probe: view.probe },
    fields: {
      state: BigInt(componentStates.indexOf(view.state)),
      message: view.message,
      ...(view.latencyMs === null ? {} : { latency_ms: view.latencyMs }),
    },
    timeNs: BigInt(nowMs) * 1_000_000n,
  }
}

function keyOf(name: string, environment: string): string {
  return JSON.stringify([name, environment])
}

function duplicate({ name, environment }: Component): AppError {
  return new AppError(
    'CONFIG_INVALID',
    `components: "${name}" stands twice in ${environment}; give one of them another name or environment.`,
  )
}
