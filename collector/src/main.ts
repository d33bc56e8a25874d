#!/usr/bin/env node
// Queries of the embedded store, compression and files share libuv's pool; four threads starve.
// The pool reads its size once, on first use: hence before anything else is loaded.
process.env.UV_THREADPOOL_SIZE ??= '16'

const { run } = await import('./cli/run.ts')
await run(process.argv)
