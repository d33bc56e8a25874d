import { type ExposedFamily, labelsKey, refuse } from './family.ts'

type Group = {
  bound: number
  below: number
  count: number | undefined
  sum: boolean
  gsum: boolean
  isGsumNegative: boolean
  hasNegativeBounds: boolean
}

const createGroup = (): Group => ({
  ...{ bound: Number.NEGATIVE_INFINITY, below: 0, count: undefined },
  ...{ sum: false, gsum: false, isGsumNegative: false, hasNegativeBounds: false },
})

/** Buckets rise up to +Inf, where they are the count; count and sum come together. */
export function checkHistogram({ name, samples }: ExposedFamily | Omit<ExposedFamily, 'type'>): void {
  let key: string | undefined
  let group = createGroup()
  for (const { name: sampleName, labels, value, timeNs, native } of samples) {
    if (native) continue
    const suffix = sampleName.slice(name.length)
    const own = `${labelsKey(labels, suffix === '_bucket' ? 'le' : undefined)}${timeNs ?? ''}`
    if (own !== key) {
      if (key !== undefined) checkGroup(name, group)
      group = createGroup()
    }
    key = own
    if (suffix === '_bucket') takeBucket(name, group, Number(String(labels.le).replace('+Inf', 'Infinity')), value)
    else if (suffix === '_count' || suffix === '_gcount') group.count = value
    else if (suffix === '_sum') group.sum = true
    else if (suffix === '_gsum') {
      group.gsum = true
      group.isGsumNegative = value < 0
    }
  }
  if (key !== undefined) checkGroup(name, group)
}

function takeBucket(name: string, group: Group, bound: number, below: number): void {
  if (bound < 0) group.hasNegativeBounds = true
  if (bound <= group.bound) refuse(`the buckets of ${name} are not in the order of their bounds`)
  if (below < group.below) refuse(`a bucket of ${name} holds less than the one below it`)
  group.bound = bound
  group.below = below
}

function checkGroup(name: string, { bound, below, count, sum, gsum, isGsumNegative, hasNegativeBounds }: Group): void {
  if (bound !== Number.POSITIVE_INFINITY) refuse(`${name} has no bucket for +Inf`)
  if (count !== undefined && count !== below) refuse(`the count of ${name} is ${count}, and its bucket for +Inf ${below}`)
  if ((sum || gsum) && count === undefined) refuse(`${name} has a sum and no count`)
  if (!(sum || gsum) && count !== undefined) refuse(`${name} has a count and no sum`)
  if (hasNegativeBounds && sum) refuse(`${name} has buckets below zero, and then no sum`)
  if (!hasNegativeBounds && isGsumNegative) refuse(`${name} has no bucket below zero, and a negative sum`)
}
