import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const sources = resolve(dirname(fileURLToPath(import.meta.url)), '../collector/src')
const imported = /(?:from|import\()\s*'(\.[^']+)'/g

/** What tests share and the product does not need: contract suites, fakes, scenarios, writers of test data. */
const testAids = [
  /\/contract(\/|\.ts$)/,
  /(^|\/)fake-[\w-]+\.ts$/,
  /scenario\.ts$/,
  /crash-writer\.ts$/,
  /read-batch\.ts$/,
  /remote-write\/pack\.ts$/,
]

/** Every file that is reached from these by imports. */
function reachedFrom(start: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>()
  const visit = (file: string) => {
    if (reached.has(file) || !existsSync(file)) return
    reached.add(file)
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(imported)) visit(resolve(dirname(file), path))
  }
  for (const file of start) visit(file)
  return reached
}

it('the collector holds no file that only its tests use, but for their own aids', () => {
  const all = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.(?:test|d)\.ts$/.test(file),
  )
  // The plugin sees the contract.
  const plugin = resolve(sources, '../../plugin/src')
  const pluginFiles = readdirSync(plugin, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))
  const reached = reachedFrom([join(sources, 'main.ts'), ...pluginFiles.map((file) => join(plugin, file))])
  const unused = all.filter((file) => !reached.has(join(sources, file)) && !testAids.some((aid) => aid.test(file)))
  expect(unused.map((file) => relative('.', file))).toEqual([])
})
