const key = 'tidewatch.actor'
const nobody = 'viewer'

/** The name under which this browser acknowledges and resolves; the audit log marks it as claimed. */
export function readActor(): string {
  try {
    return localStorage.getItem(key) ?? nobody
  } catch {
    return nobody
  }
}

/** Keeps the name; an empty one goes back to the default. */
export function keepActor(name: string): string {
  const actor = name.trim().slice(0, 200) || nobody
  try {
    localStorage.setItem(key, actor)
  } catch {
    // Without storage the name holds until the page is closed.
  }
  return actor
}
