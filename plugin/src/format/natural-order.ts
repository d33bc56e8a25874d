const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** Orders `db2` before `db10`. */
export function compareNaturally(left: string, right: string): number {
  return collator.compare(left, right)
}
