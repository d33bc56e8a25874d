export type SpoolStatus = { readonly bytes: number; readonly ageSeconds: number; readonly quarantined: number; readonly damaged: number }

export async function spoolOf(url: string): Promise<SpoolStatus> {
  const answer = await fetch(`${url}/api/v1/status`)
  return ((await answer.json()) as { spool: SpoolStatus }).spool
}

/**
 * Asks again until it holds; every question goes over the network, so this does not spin. It gives up on what never comes,
 * and says nothing of how fast something is.
 */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = Date.now() + 120_000; !(await holds()); ) if (Date.now() > giveUpAt) throw new Error('it never came')
}

/** Resolves when nothing waits for the store any more. */
export const drained = (url: string): Promise<void> => until(async () => (await spoolOf(url)).bytes === 0)
