import { defineConfig } from 'vitest/config'
import { patience } from '../vitest.patience.ts'

/** For a single file, run from here; the suites are in the configuration above. */
export default defineConfig({ test: { ...patience, include: ['{src,test}/**/*.test.ts'] } })
