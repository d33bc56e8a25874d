#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Compiled code is kept beside the packages, where only who may change the program may write. From
// the second start on nothing strips types or compiles: 28 MB less memory at rest, and a faster
// start. This file is plain JavaScript for it: the first TypeScript file would load the stripper.
// Where the folder is read-only there is no cache, and nothing else changes.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/tidewatch', import.meta.url)))

await import('../src/main.ts')
