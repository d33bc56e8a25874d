import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PluginOptions } from '@grafana/plugin-e2e'
import { defineConfig, devices } from '@playwright/test'
import { secrets } from './services.ts'

const here = dirname(fileURLToPath(import.meta.url))
const admin = { user: 'admin', password: secrets.GRAFANA_ADMIN_PASSWORD ?? '' }

export default defineConfig<PluginOptions>({
  testDir: './tests',
  forbidOnly: true,
  // One Grafana serves all of them, and a test that passes the second time has found something.
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['html', { open: 'never' }]],
  use: {
    baseURL: process.env.GRAFANA_URL ?? 'http://localhost:3000',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    provisioningRootDir: join(here, '..', 'provisioning'),
    user: admin,
    grafanaAPICredentials: admin,
  },
  projects: [
    { name: 'sign in', testDir: './node_modules/@grafana/plugin-e2e/dist/auth', testMatch: [/.*\.js/] },
    {
      name: 'walk',
      dependencies: ['sign in'],
      use: { ...devices['Desktop Chrome'], storageState: 'playwright/.auth/admin.json' },
    },
  ],
})
