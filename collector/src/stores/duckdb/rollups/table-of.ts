import type { Level } from '../../shared/rollups/levels.ts'

/** The table that holds the windows of a level. */
export const tableOf = ({ name }: Level) => `rollup_${name}`
