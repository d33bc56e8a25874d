import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { patience } from '../vitest.patience.ts'

const packages = join(import.meta.dirname, '..', 'node_modules', '@grafana')
const published = Object.fromEntries(
  ['data', 'ui', 'runtime', 'schema', 'i18n'].map((name) => [`@grafana/${name}`, join(packages, name, 'dist', 'cjs', 'index.cjs')]),
)

export default defineConfig({
  test: {
    ...patience,
    environment: 'jsdom',
    // Loading Grafana's packages once a worker costs a fraction of once a file.
    isolate: false,
    setupFiles: [join(import.meta.dirname, 'test', 'browser-stubs.ts')],
    include: ['src/**/*.test.{ts,tsx}', 'build/**/*.test.ts'],
  },
  resolve: {
    // As published for require, the packages load several times faster than their modules do one by one.
    alias: { ...published, '@grafana/scenes': join(packages, 'scenes', 'dist', 'index.js') },
  },
})
