// `npm run check`: format, lint, types, floors and unit tests; everything fast enough for every save.
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { ensureInstalled, environment, root, say } from './setup.mjs'

/** What is checked without running the product. */
export const checks = [
  { name: 'format and lint', command: 'biome', args: ['ci', '--error-on-warnings', '.'] },
  { name: 'types: collector', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types: plugin', command: 'tsc', args: ['-p', 'plugin/tsconfig.json', '--noEmit'] },
  { name: 'types: viewer', command: 'tsc', args: ['-p', 'viewer/tsconfig.json', '--noEmit'] },
  {
    name: 'floors',
    command: 'depcruise',
    args: ['--config', '.dependency-cruiser.mjs', 'collector/src', 'plugin/src', 'viewer/src'],
  },
]

/** Runs a list of checks; prints a line each and the output of those that fail. */
export function runChecks(list) {
  let failed = 0
  for (const { name, command, args } of list) {
    const startedMs = Date.now()
    const result = spawnSync(command, args, { cwd: root, env: { ...environment, NO_COLOR: '1' }, encoding: 'utf8', maxBuffer: 64 << 20 })
    const ok = result.status === 0
    if (!ok) failed++
    say(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`)
    if (!ok) say(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`)
  }
  return failed
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  ensureInstalled()
  const unit = { name: 'unit tests', command: 'vitest', args: ['run', '--project', 'unit:*', '--silent'] }
  process.exit(runChecks([...checks, unit]) === 0 ? 0 : 1)
}
