/** What a table has under a key that came from outside. Every object also has `constructor` and `toString`, which no table means. */
export function ownValue<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
