import { type ExposedFamily, type ExposedSample, innerLabelOf, labelsKey, type MetricType, refuse, suffixesOf } from './family.ts'
import { checkHistogram } from './histogram-rules.ts'

/** What is known of the family under way. */
export type OpenFamily = {
  readonly name: string
  type: MetricType
  unit: string
  readonly samples: ExposedSample[]
  /** Metadata that stood already. */
  readonly said: Set<string>
  readonly groups: Set<string>
  group: string | undefined
  /** Series of the group under way at its last time. */
  readonly seen: Set<string>
  timeNs: bigint | undefined
}

/** OpenMetrics's rules for families and the order of their samples. */
export type Rules = {
  readonly families: ExposedFamily[]
  /** Names that are taken, with every suffix. */
  readonly names: Set<string>
  open: OpenFamily | undefined
}

export const createRules = (): Rules => ({ families: [], names: new Set(), open: undefined })

export function beginFamily(rules: Rules, name: string): OpenFamily {
  const open: OpenFamily = {
    ...{ name, type: 'unknown', unit: '', samples: [], said: new Set(), groups: new Set() },
    ...{ group: undefined, seen: new Set(), timeNs: undefined },
  }
  rules.open = open
  return open
}

export function endFamily(rules: Rules): void {
  const { open, names, families } = rules
  if (open === undefined) return
  const { name, type, unit, samples } = open
  for (const suffix of new Set([...suffixesOf[type], ''])) {
    if (names.has(name + suffix)) refuse(`${name + suffix} is the name of two metrics, or the samples of ${name} do not stand together`)
    names.add(name + suffix)
  }
  if (unit !== '' && !name.endsWith(`_${unit}`)) refuse(`the name ${name} does not end in its unit, _${unit}`)
  if (unit !== '' && (type === 'info' || type === 'stateset')) refuse(`${name} is of type ${type}, which has no unit`)
  if (type === 'histogram' || type === 'gaugehistogram') checkHistogram(open)
  families.push({ name, type, samples })
  rules.open = undefined
}

export function takeSample(rules: Rules, sample: ExposedSample, hasExemplar: boolean): void {
  let { open } = rules
  if (open === undefined || !isOf(open, sample)) {
    endFamily(rules)
    open = beginFamily(rules, sample.name)
    if (sample.native) refuse(`${sample.name} is not of type histogram, and has a native histogram`)
  }
  checkLabels(open, sample)
  const isFirstOfItsTime = checkOrder(open, sample)
  if (!sample.native) checkValue(open, sample)
  if (hasExemplar && !mayHaveExemplar(open, sample)) refuse('only buckets of histograms and totals of counters may have an exemplar')
  if (isFirstOfItsTime) open.samples.push(sample)
}

function isOf({ name, type }: OpenFamily, sample: ExposedSample): boolean {
  if (sample.native) return type === 'histogram' && sample.name === name
  return sample.name.startsWith(name) && suffixesOf[type].includes(sample.name.slice(name.length))
}

function checkLabels(open: OpenFamily, { name, labels }: ExposedSample): void {
  const inner = innerLabelOf(open, { name, labels, value: 0 })
  if (inner === undefined) return
  const value = Object.hasOwn(labels, inner) ? labels[inner] : undefined
  if (value === undefined) refuse(`${name} has no label ${inner}`)
  if (inner === 'le' && !isBound(value as string)) refuse(`${JSON.stringify(value)} is not the bound of a bucket; the last one is "+Inf"`)
  if (inner === 'quantile' && !(Number(value) >= 0 && Number(value) <= 1))
    refuse(`the quantile ${JSON.stringify(value)} does not lie between 0 and 1`)
}

const isBound = (text: string) => text === '+Inf' || (text.trim() !== '' && Number.isFinite(Number(text)))

/** Samples of one metric stand together, with times that do not go back. False for a repetition. */
function checkOrder(open: OpenFamily, sample: ExposedSample): boolean {
  const inner = innerLabelOf(open, sample)
  const group = open.type === 'info' ? '' : labelsKey(sample.labels, inner)
  if (open.group !== undefined && group !== open.group && open.groups.has(group)) {
    refuse(`the samples of ${sample.name} with these labels do not stand together`)
  }
  const { timeNs } = sample
  if (group === open.group) {
    if ((timeNs === undefined) !== (open.timeNs === undefined)) refuse(`some samples of ${open.name} have a time and some have none`)
    if (timeNs !== undefined && timeNs < (open.timeNs as bigint) && open.type !== 'info') refuse(`the times of ${open.name} go back`)
  }
  if (group !== open.group || timeNs !== open.timeNs) open.seen.clear()
  open.group = group
  open.groups.add(group)
  open.timeNs = timeNs
  // Within a group, the inner label is all that differs; the samples of an info are one group.
  const difference = open.type === 'info' ? labelsKey(sample.labels) : inner && sample.labels[inner]
  const series = difference === undefined ? sample.name : `${sample.name} ${difference}`
  if (open.seen.has(series)) return false
  open.seen.add(series)
  return true
}

const isTotal = /^_(?:total|sum|count|bucket|gcount|gsum)$/

function checkValue({ name, type }: OpenFamily, { name: sampleName, value }: ExposedSample): void {
  const suffix = sampleName.slice(name.length)
  if (type === 'stateset' && value !== 0 && value !== 1) refuse(`a state of ${name} is ${value}; it may be 0 or 1`)
  if (type === 'info' && value !== 1) refuse(`${sampleName} is ${value}; the value of an info is 1`)
  if (type === 'summary' && suffix === '' && value < 0) refuse(`a quantile of ${name} is negative`)
  if (!isTotal.test(suffix)) return
  if (Number.isNaN(value)) refuse(`${sampleName} is NaN`)
  if (value < 0 && suffix !== '_gsum') refuse(`${sampleName} is negative`)
  if (/bucket|count/.test(suffix) && !Number.isInteger(value)) refuse(`${sampleName} is ${value}; it counts, so it is a whole number`)
}

function mayHaveExemplar({ name, type }: OpenFamily, { name: sampleName, native }: ExposedSample): boolean {
  const suffix = sampleName.slice(name.length)
  return native !== undefined || (suffix === '_bucket' && /histogram$/.test(type)) || (suffix === '_total' && type === 'counter')
}
