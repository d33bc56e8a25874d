import type { AlertInstance } from '../../model/alert-records.ts'

/** Instances by their ids. */
export type Instances = ReadonlyMap<string, AlertInstance>

export function byId(instances: readonly AlertInstance[]): Instances {
  return new Map(instances.map((instance) => [instance.id, instance]))
}

/** Some instances replaced by what became of them. */
export function withChanged(instances: Instances, changed: readonly AlertInstance[]): Instances {
  return changed.length === 0 ? instances : new Map([...instances, ...byId(changed)])
}

export function without(instances: Instances, id: string): Instances {
  return new Map([...instances].filter(([known]) => known !== id))
}
