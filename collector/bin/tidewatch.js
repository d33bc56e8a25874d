#!/usr/bin/env node
import module from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

// An old Node would stop at a line it cannot read, which tells nobody what to do.
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `tidewatch: Node 24 is needed, and this is ${process.version}. "npm start" and "npx tidewatch" use the one that is installed here.\n`,
  )
  process.exit(1)
}

// Compiled code is kept beside the packages, where only who may change the program may write. From
// the second start on nothing strips types or compiles: 28 MB less memory at rest, and a faster
// start. This file is plain JavaScript for it: the first TypeScript file would load the stripper.
// Where the folder is read-only there is no cache, and nothing else changes.
module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/tidewatch', import.meta.url)))

// Buffers count as part of the heap when V8 decides what to collect. By itself it marks the whole heap
// for every 32 MB of buffers; a write leaves only short-lived ones, which a look at the young objects
// frees. Measured with 5,000-line writes: 1.0 instead of 1.6 CPU-seconds per million points.
setFlagsFromString('--external-memory-accounted-in-global-limit')

await import('../src/main.ts')
