import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

type Entry = { version?: string; optionalDependencies?: Record<string, string> }
type Packages = Record<string, Entry>

/**
 * Packages for other platforms that a lock file leaves out. npm forgets them when the registry at hand does not have them, and
 * `npm ci` then refuses the whole file in a fresh clone.
 */
function forgotten(packages: Packages): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`]),
  )
}

describe('the lock file', () => {
  for (const file of ['package-lock.json', 'e2e/package-lock.json']) {
    it(`${file} names the packages of every platform`, () => {
      const { packages } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { packages: Packages }
      expect(forgotten(packages)).toEqual([])
    })
  }

  it('is found wanting without one of them', () => {
    const biome = { optionalDependencies: { 'cli-linux': '1.0.0', 'cli-android': '1.0.0' } }
    expect(forgotten({ 'node_modules/biome': biome, 'node_modules/cli-linux': { version: '1.0.0' } })).toEqual(['cli-android'])
  })
})
