// Loaded into the collector under measurement with `--import`: tells the longest time its event loop was
// not free since the last SIGUSR2, into the file that TIDEWATCH_LOOP_GAP names. Plain JavaScript, so that
// it loads nothing the collector would not.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const resolutionMs = 1
const delay = monitorEventLoopDelay({ resolution: resolutionMs })
delay.enable()
process.on('SIGUSR2', () => {
  writeFileSync(process.env.TIDEWATCH_LOOP_GAP ?? '/dev/null', String(Math.max(0, delay.max / 1e6 - resolutionMs)))
  delay.reset()
})
