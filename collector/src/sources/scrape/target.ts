import { createHash } from 'node:crypto'
import type { Tags } from '../../model/point.ts'
import type { ScrapeOptions } from './options.ts'

/** Targets with labels, as a file or the configuration lists them. */
export type TargetGroup = { readonly targets: readonly string[]; readonly labels: Tags }

export type Target = {
  /** Two targets with the same key are one. */
  readonly key: string
  readonly url: URL
  readonly labels: Tags
  /** Where within the interval it is scraped, so that not all are scraped at once. */
  readonly offsetMs: number
}

/** Targets of a group; a sentence for one that has no address. */
export function toTarget(address: string, given: Tags, options: ScrapeOptions): Target | string {
  const { __scheme__: scheme = options.scheme, __metrics_path__: path = options.path } = given
  if (scheme !== 'http' && scheme !== 'https') return `the scheme of ${address} is ${JSON.stringify(scheme)}; http and https are known`
  const url = URL.parse(`${scheme}://${address}`)
  const isAddress =
    url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && !/[/?#@]/.test(address)
  if (!isAddress) return `${JSON.stringify(address)} is not an address such as web-1:9100; the path goes into path`
  url.pathname = path
  addParams(url, given, options)
  const instance = /:\d+$/.test(address) ? address : `${address}:${scheme === 'https' ? 443 : 80}`
  const own = Object.entries(given).filter(([name, value]) => !name.startsWith('__') && value !== '')
  const labels = { job: options.job, instance, ...options.labels, ...Object.fromEntries(own) }
  const key = JSON.stringify([url.href, Object.entries(labels).sort()])
  return { key, url, labels, offsetMs: createHash('sha256').update(key).digest().readUInt32BE() % options.interval }
}

function addParams(url: URL, given: Tags, { params }: ScrapeOptions): void {
  for (const [name, values] of Object.entries(params)) for (const value of [values].flat()) url.searchParams.append(name, value)
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith('__param_')) url.searchParams.set(name.slice('__param_'.length), value)
  }
}
