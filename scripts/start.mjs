// `npm start`: installs and builds what is missing, then runs the collector with the arguments given.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from './build.mjs'
import { ensureInstalled, environment, fail, pinnedNode, root } from './setup.mjs'

ensureInstalled()
build()

const collector = spawn(pinnedNode, [join(root, 'collector/bin/tidewatch.js'), 'serve', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: environment,
})
// The terminal sends Ctrl-C to both; the collector drains and this process waits for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => collector.kill(signal))
collector.on('error', (error) => fail(`cannot run the collector: ${error.message}`))
collector.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 0)))
