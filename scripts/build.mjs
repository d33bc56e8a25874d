// Builds the plugin and the viewer, each only when its sources changed since its last build.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureInstalled, environment, fail, root, say } from './setup.mjs'

const workspaces = ['plugin', 'viewer']
const sharedSources = ['package-lock.json', 'collector/src/contract', 'collector/src/model']

/** Every file below a path, sorted, without what builds leave behind. */
function filesBelow(path) {
  if (!existsSync(join(root, path))) return []
  const entries = readdirSync(join(root, path), { withFileTypes: true, recursive: false })
  return entries
    .filter((entry) => !['node_modules', 'dist', 'artifacts'].includes(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)]))
    .sort()
}

function fingerprint(workspace) {
  const hash = createHash('sha256')
  const files = [...filesBelow(workspace), ...sharedSources.flatMap((path) => (path.endsWith('.json') ? [path] : filesBelow(path)))]
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

/** Builds what is out of date; says what it does and how long it took. */
export function build() {
  for (const workspace of workspaces) {
    const stamp = join(root, '.cache', `${workspace}.built`)
    const wanted = fingerprint(workspace)
    const built = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
    if (built === wanted && existsSync(join(root, workspace, 'dist'))) continue
    say(`Building the ${workspace} (its sources changed) …`)
    const startedMs = Date.now()
    const result = spawnSync('npm', ['run', '--silent', 'build', '-w', workspace], { cwd: root, env: environment, encoding: 'utf8' })
    if (result.status !== 0) fail(`${result.stdout}\n${result.stderr}\nBuilding the ${workspace} failed; see above.`)
    mkdirSync(join(root, '.cache'), { recursive: true })
    writeFileSync(stamp, wanted)
    say(`  done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`)
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  ensureInstalled()
  build()
}
