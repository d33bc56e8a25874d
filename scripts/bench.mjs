// `npm run bench -- [NAME …] [--quick]`: runs the benchmarks, one after the other, each beside its peers in the same run.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled, fail, pinnedNode, root, run, say } from './setup.mjs'

ensureInstalled()
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'))
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const folder = join(root, 'collector/bench')
const benches = readdirSync(folder).filter((file) => file.endsWith('.bench.ts'))
const chosen = benches.filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)))
if (chosen.length === 0)
  fail(`No benchmark is called ${wanted.join(' or ')}; there are ${benches.map((file) => file.replace('.bench.ts', '')).join(', ')}.`)
for (const file of chosen) {
  say(`\n${file.replace('.bench.ts', '')}`)
  run(pinnedNode, ['--expose-gc', join(folder, file), ...options])
}
