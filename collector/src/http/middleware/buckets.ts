/** Widths that people read easily, in milliseconds: 1 s up to a week. */
const widthsMs = [
  1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000,
  21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
]
const bucketsWanted = 1000

/** The finest easy width that gives at most 1,000 buckets over a range. */
export function bucketWidth(range: { from: number; to: number }): number {
  const leastMs = (range.to - range.from) / bucketsWanted
  return widthsMs.find((width) => width >= leastMs) ?? Math.ceil(leastMs / 604_800_000) * 604_800_000
}
