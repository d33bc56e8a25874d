import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config/config.ts'
import type { Component } from '../health/component.ts'
import { invariant } from '../lib/errors.ts'
import type { Notifier } from '../model/alert.ts'
import type { Probe } from '../model/health.ts'
import type { ProbeDoors, Source, SourceDoors, StoreDoors } from '../model/kinds.ts'
import type { Store } from '../model/store.ts'
import * as notifiers from '../notifiers/index.ts'
import * as probes from '../probes/index.ts'
import * as sources from '../sources/index.ts'
import * as stores from '../stores/index.ts'

/** A kind whose options were parsed by its own schema when the configuration was read. */
type Parsed<Doors, Made> = { readonly type: string; create(options: never, doors: Doors): Made }

export type Kinds = {
  readonly store: Store
  probeFor(selfChecks: ProbeDoors['selfChecks']): (component: Component) => Probe
  sources(doors: Omit<SourceDoors, 'log' | 'clock' | 'fetch'>): Source[]
}

type Made = { readonly options: Config['receivers']; readonly receivers: ReadonlyMap<string, Notifier> }

/** The receivers by their names; those whose options are as they were before stay, with what they remember. */
export function createReceivers(options: Config['receivers'], doors: StoreDoors, before?: Made): ReadonlyMap<string, Notifier> {
  const toReceiver = (own: Config['receivers'][number]): Notifier => {
    const isSame = before?.options.some((one) => isDeepStrictEqual(one, own))
    return (isSame && before?.receivers.get(own.name)) || make<StoreDoors, Notifier>(notifiers, own, doors)
  }
  return new Map(options.map((own) => [own.name, toReceiver(own)]))
}

/** Makes what the configuration names: the store, the sources and the probes. */
export function createKinds(config: Config, doors: StoreDoors): Kinds {
  return {
    store: make<StoreDoors, Store>(stores, config.store, doors),
    probeFor: (selfChecks) => (component) => make<ProbeDoors, Probe>(probes, component, { ...doors, selfChecks }),
    sources: (more) => config.sources.map((source) => make<SourceDoors, Source>(sources, source, { ...doors, ...more })),
  }
}

function make<Doors, Made>(room: Readonly<Record<string, Parsed<Doors, Made>>>, options: { readonly type: string }, doors: Doors): Made {
  const kind = Object.values(room).find(({ type }) => type === options.type)
  invariant(kind, `the configuration knows only kinds that exist, and ${options.type} does not`)
  return kind.create(options as never, doors)
}
