// `npm test`: sets up what the tests need, then runs everything there is to pass.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { build } from './build.mjs'
import { checks, runChecks } from './check.mjs'
import { ensureInstalled, environment, root, say } from './setup.mjs'

const tools = [
  { package: 'influxdb', path: '/usr/bin/influxd', for: 'the InfluxDB store against a real InfluxDB' },
  { package: 'influxdb-client', path: '/usr/bin/influx', for: 'the influx command line as a client' },
  { package: 'chromium', path: '/usr/bin/chromium', for: 'the browser tests' },
  { package: 'prometheus', path: '/usr/bin/promtool', for: "rules, scraping and remote write beside Prometheus's" },
  { package: 'prometheus-alertmanager', path: '/usr/bin/prometheus-alertmanager', for: "routing beside Alertmanager's" },
  { package: 'victoria-metrics', path: '/usr/bin/vmagent', for: 'remote write from vmagent' },
]

/** Installs Debian's tools where that is allowed; returns those that are still missing. */
function setUpTools() {
  const missing = () => tools.filter((tool) => !existsSync(tool.path))
  if (missing().length === 0) return []
  const mayInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0
  if (!mayInstall) return missing()
  const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  spawnSync('apt-get', ['update', '-q'], quiet)
  // One at a time: a package that a distribution does not have keeps none of the others from coming.
  for (const tool of missing()) {
    say(`Installing ${tool.package} with apt-get …`)
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', tool.package], quiet)
  }
  return missing()
}

/** Runs the test suites; the counts come from the runner's own report. */
function runTests() {
  const report = join(root, 'artifacts', 'tests.json')
  mkdirSync(join(root, 'artifacts'), { recursive: true })
  rmSync(report, { force: true })
  // Every processor is used: much of a run waits for real processes.
  const args = ['run', '--maxWorkers', String(cpus().length), '--reporter', 'default', '--reporter', 'json', '--outputFile.json', report]
  const result = spawnSync('vitest', args, { cwd: root, stdio: 'inherit', env: environment })
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 }
  const counts = JSON.parse(readFileSync(report, 'utf8'))
  const failed = counts.numFailedTests + (result.status !== 0 && counts.numFailedTests === 0 ? 1 : 0)
  return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests + counts.numTodoTests }
}

const startedMs = Date.now()
ensureInstalled()
const leftOut = setUpTools()
const failedChecks = runChecks(checks)
build()
const tests = runTests()

for (const tool of leftOut) {
  say(`\n!! LEFT OUT: ${tool.for}: ${tool.path} is missing. Get it with: sudo apt-get install ${tool.package}`)
}
const failed = tests.failed + failedChecks
say(`\nEverything took ${((Date.now() - startedMs) / 1000).toFixed(0)} s.`)
say(`${tests.passed + checks.length - failedChecks} passed, ${failed} failed, ${tests.skipped} skipped`)
process.exit(failed === 0 ? 0 : 1)
