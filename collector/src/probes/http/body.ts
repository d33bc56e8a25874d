const bodyBytesMax = 1_048_576

/** Says what is wrong with a body, or nothing; undefined where nothing is asked of it. */
export function createBodyCheck(options: { readonly bodyContains?: string | undefined; readonly bodyMatches?: string | undefined }) {
  const { bodyContains, bodyMatches } = options
  if (bodyContains === undefined && bodyMatches === undefined) return undefined
  return (text: string): string | undefined => {
    if (bodyContains !== undefined && !text.includes(bodyContains)) return `the body does not contain "${bodyContains}"`
    if (bodyMatches !== undefined && !new RegExp(bodyMatches).test(text)) return `the body does not match /${bodyMatches}/`
    return undefined
  }
}

/** The first mebibyte as text when it is wanted; the rest is thrown away with the connection. */
export async function readBody(response: Response, isWanted: boolean): Promise<string> {
  if (!isWanted || !response.body) {
    await response.body?.cancel()
    return ''
  }
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= bodyBytesMax) break
  }
  return Buffer.concat(chunks).subarray(0, bodyBytesMax).toString('utf8')
}
