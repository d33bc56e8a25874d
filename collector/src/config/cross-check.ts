import type { Config } from './config.ts'
import type { Problem } from './problems.ts'

/** Checks references between parts of the configuration. No check depends on the order of another. */
export function crossCheck(config: Omit<Config, 'file'>): readonly Problem[] {
  return [
    ...duplicates(config.tokens.map(({ hash }) => hash)).map((index) => ({
      path: ['tokens', index],
      message: 'is the same token as another',
    })),
  ]
}

/** The places of values that stand earlier already. */
function duplicates(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []))
}
