/**
 * What every suite waits for at most. A machine that is ten times slower passes as well: nothing here says
 * how fast something is, only when a wait is given up that will never end. It stands in one place, so that
 * no test has a shorter limit of its own.
 */
export const patience = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 60_000 } } }
