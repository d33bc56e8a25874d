import { defineConfig } from 'vitest/config'
import { patience } from './vitest.patience.ts'

/**
 * The suites, by how much of the product each runs: `unit:*` nothing but code, `system` the whole
 * collector with real stores and clients, `acceptance` the product in a browser.
 */
export default defineConfig({
  test: {
    teardownTimeout: 60_000,
    projects: [
      { test: { ...patience, name: 'unit:collector', root: 'collector', include: ['src/**/*.test.ts'] } },
      { extends: './plugin/vitest.config.ts', test: { name: 'unit:plugin', root: 'plugin' } },
      { extends: './viewer/vitest.config.ts', test: { name: 'unit:viewer', root: 'viewer' } },
      { test: { ...patience, name: 'unit:provisioning', root: 'provisioning', include: ['**/*.test.ts'] } },
      { test: { ...patience, name: 'unit:dashboards', root: 'dashboards', include: ['**/*.test.ts'] } },
      { test: { ...patience, name: 'unit:house', root: 'house', include: ['**/*.test.ts'] } },
      { test: { ...patience, name: 'system', root: 'collector', include: ['test/**/*.test.ts'] } },
      { test: { ...patience, name: 'acceptance', root: 'acceptance', include: ['**/*.test.ts'] } },
    ],
  },
})
