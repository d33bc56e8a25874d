import { AppError } from '../../lib/errors.ts'
import type { Tags } from '../../model/point.ts'

/**
 * The labels of a group from the path behind `/metrics/`: `job/mail/instance/a`. A name that ends in
 * `@base64` has a value in that alphabet, for what a path cannot carry; `=` stands for the empty text.
 * https://github.com/prometheus/pushgateway#url
 */
export function parseGroupingKey(path: string): Tags {
  if (path === '') throw new AppError('BAD_REQUEST', 'metrics are pushed to /metrics/job/<job>{/<label>/<value>}')
  const parts = path.split('/').map(decodePart)
  if (parts.length % 2 !== 0)
    throw new AppError('BAD_REQUEST', 'the path has a label without a value; write /metrics/job/<job>{/<label>/<value>}')
  const labels: Record<string, string> = {}
  for (let index = 0; index < parts.length; index += 2) {
    const { name, value } = toLabel(parts[index] as string, parts[index + 1] as string)
    if (index > 0 && Object.hasOwn(labels, name)) throw new AppError('BAD_REQUEST', `label ${name} stands twice in the path`)
    labels[name] = value
  }
  if (Object.keys(labels)[0] !== 'job') throw new AppError('BAD_REQUEST', 'the path must begin with /metrics/job/')
  if (!labels.job) throw new AppError('BAD_REQUEST', 'job name is required')
  return labels
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (thrown) {
    throw new AppError('BAD_REQUEST', `${JSON.stringify(part)} in the path is not escaped rightly`, { cause: thrown })
  }
}

const suffix = '@base64'

function toLabel(given: string, text: string): { name: string; value: string } {
  const isPacked = given.endsWith(suffix)
  const name = isPacked ? given.slice(0, -suffix.length) : given
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) throw new AppError('BAD_REQUEST', `${JSON.stringify(name)} is not the name of a label`)
  if (name.startsWith('__')) throw new AppError('BAD_REQUEST', `label ${name} is reserved: it begins with two underscores`)
  if (!isPacked) return { name, value: text }
  if (!/^[\w-]*={0,2}$/.test(text)) throw new AppError('BAD_REQUEST', `the value of label ${name} is not base64 with the alphabet for URLs`)
  return { name, value: Buffer.from(text, 'base64url').toString() }
}
