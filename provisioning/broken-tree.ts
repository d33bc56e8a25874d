import { readTree, type Tree } from './tree.ts'

export const real = readTree()

// biome-ignore lint/suspicious/noExplicitAny: the tree is broken on purpose, by hand.
export type Breakable = any

/** A copy of the real tree with one thing broken. */
export function broken(breakIt: (tree: Breakable) => void): Tree {
  const tree = structuredClone(real)
  breakIt(tree)
  return tree
}

/** Parts of the tree that tests break. */
export const rulesOf = (tree: Breakable) => tree.provisioning['alerting/rules.yaml'].groups[0].rules
export const sourcesOf = (tree: Breakable) => tree.provisioning['datasources/tidewatch.yaml'].datasources
export const pointsOf = (tree: Breakable) => tree.provisioning['alerting/contact-points.yaml'].contactPoints
export const policyOf = (tree: Breakable) => tree.provisioning['alerting/policies.yaml'].policies[0]
export const grafanaOf = (tree: Breakable) => tree.compose.services.grafana
