/** The host of an address; path, query and user often hold a secret and are left out. */
export function redactUrl(url: string): string {
  try {
    const { protocol, host } = new URL(url)
    return `${protocol}//${host}/…`
  } catch {
    return 'the address'
  }
}
