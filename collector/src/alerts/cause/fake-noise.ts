/** Seeded randomness for tests: mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** Metrics that move for no reason, each in its own way; a value for each call. */
export const noises: Readonly<Record<string, (random: () => number) => () => number>> = {
  still: (random) => () => 100 + normal(random),
  walking: (random) => {
    let level = 100
    return () => {
      level += normal(random)
      return level
    }
  },
  swinging: (random) => {
    let swing = 0
    return () => {
      swing = 0.95 * swing + normal(random)
      return 100 + swing
    }
  },
  spiky: (random) => () => 10 + random() + (random() < 0.03 ? 100 * random() : 0),
  tidal: (random) => {
    let step = 0
    return () => 100 + 30 * Math.sin(step++ / 40) + normal(random)
  },
  skewed: (random) => () => 10 * Math.exp(normal(random)),
  counting: (random) => {
    let total = 0
    return () => {
      total += Math.floor(10 * random())
      return total
    }
  },
}
