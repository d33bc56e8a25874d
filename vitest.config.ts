import { defineConfig } from 'vitest/config'

/**
 * The suites, by how much of the product each runs: `unit:*` nothing but code, `system` the whole
 * collector with real stores and clients, `acceptance` the product in a browser.
 */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit:collector', root: 'collector', include: ['src/**/*.test.ts'], testTimeout: 60_000 } },
      { extends: './plugin/vitest.config.ts', test: { name: 'unit:plugin', root: 'plugin' } },
      { extends: './viewer/vitest.config.ts', test: { name: 'unit:viewer', root: 'viewer' } },
      { test: { name: 'unit:provisioning', root: 'provisioning', include: ['**/*.test.ts'] } },
      { test: { name: 'unit:dashboards', root: 'dashboards', include: ['**/*.test.ts'] } },
      { test: { name: 'unit:house', root: 'house', include: ['**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'system', root: 'collector', include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      { test: { name: 'acceptance', root: 'acceptance', include: ['**/*.test.ts'], testTimeout: 180_000, hookTimeout: 120_000 } },
    ],
  },
})
