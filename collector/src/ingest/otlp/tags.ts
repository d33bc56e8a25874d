import type { Tags } from '../../model/point.ts'
import type { OtlpAttributes } from './request.ts'

/**
 * What of a resource tells series apart. The rest (process ids, command lines, versions of the SDK)
 * changes with every start, and would make each start a new set of series.
 */
const resourceTags =
  /^(?:service\.(?:name|namespace|version|instance\.id)|deployment\.environment(?:\.name)?|host\.name|container\.name|cloud\.(?:region|availability_zone)|k8s\.\w+\.name)$/

export function resourceTagsOf(attributes: OtlpAttributes): Tags {
  return tagsOf(attributes?.filter(({ key = '' }) => resourceTags.test(key)))
}

/** Attributes under their own names; an empty one is none. */
export function tagsOf(attributes: OtlpAttributes = []): Tags {
  return Object.fromEntries(attributes.map(({ key = '', value }) => [key, textOf(value)] as const).filter(([, text]) => text !== ''))
}

/** Texts, numbers and truth values as they are written, lists and maps as JSON. */
function textOf(value: unknown): string {
  const plain = plainOf(value, 0)
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain)
}

const depthMax = 16

function plainOf(given: unknown, depth: number): unknown {
  if (depth > depthMax) return '…'
  const value = (given ?? {}) as Record<string, unknown>
  if (value.arrayValue !== undefined) return valuesOf(value.arrayValue).map((entry) => plainOf(entry, depth + 1))
  if (value.kvlistValue !== undefined) {
    const pairs = valuesOf(value.kvlistValue) as { key?: string; value?: unknown }[]
    return Object.fromEntries(pairs.map((pair) => [String(pair?.key ?? ''), plainOf(pair?.value, depth + 1)]))
  }
  if (value.bytesValue instanceof Uint8Array) return Buffer.from(value.bytesValue).toString('base64')
  const scalar = value.stringValue ?? value.boolValue ?? value.intValue ?? value.doubleValue ?? value.bytesValue ?? ''
  return typeof scalar === 'bigint' || typeof scalar === 'object' ? String(scalar) : scalar
}

function valuesOf(list: unknown): unknown[] {
  const values = (list as { values?: unknown } | null)?.values
  return Array.isArray(values) ? values : []
}
