import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { patience } from '../vitest.patience.ts'

const packages = join(import.meta.dirname, '..', 'node_modules', '@grafana')

export default defineConfig({
  test: {
    ...patience,
    environment: 'jsdom',
    // Starting a browser's globals and Grafana's packages once a worker costs a fraction of once a file; each test sets the
    // services it needs, and takes down what it drew.
    isolate: false,
    setupFiles: ['./test/browser-stubs.ts', './test/patience.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
  },
  resolve: {
    // Loading Grafana's packages as they were published for require is several times faster than inlining their modules.
    alias: Object.fromEntries(
      ['data', 'ui', 'runtime', 'schema', 'i18n'].map((name) => [`@grafana/${name}`, join(packages, name, 'dist', 'cjs', 'index.cjs')]),
    ),
  },
})
