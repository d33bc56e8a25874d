import { messageOf } from '../../lib/errors.ts'

/** Where a probe wanted to go: `host:port`, a name. */
type Target = { readonly hostname: string; readonly address: string }

const sentences: Readonly<Record<string, (target: Target) => string>> = {
  ECONNREFUSED: ({ address }) => `connection refused by ${address}`,
  ECONNRESET: ({ address }) => `${address} closed the connection before it answered`,
  EPIPE: ({ address }) => `${address} closed the connection before it answered`,
  UND_ERR_SOCKET: ({ address }) => `${address} closed the connection before it answered`,
  ETIMEDOUT: ({ address }) => `no connection to ${address}: nothing came back`,
  UND_ERR_CONNECT_TIMEOUT: ({ address }) => `no connection to ${address}: nothing came back`,
  ENOTFOUND: ({ hostname }) => `the name ${hostname} does not exist`,
  EAI_AGAIN: ({ hostname }) => `the name ${hostname} could not be looked up: no name server answered`,
  EHOSTUNREACH: ({ address }) => `no route to ${address}`,
  ENETUNREACH: ({ address }) => `no route to ${address}`,
  CERT_HAS_EXPIRED: ({ hostname }) => `the certificate of ${hostname} has expired`,
  CERT_NOT_YET_VALID: ({ hostname }) => `the certificate of ${hostname} is not valid yet`,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ hostname }) => `the certificate is made out to another name than ${hostname}`,
  DEPTH_ZERO_SELF_SIGNED_CERT: ({ hostname }) => `the certificate of ${hostname} is signed by itself`,
  SELF_SIGNED_CERT_IN_CHAIN: ({ hostname }) => `the certificate of ${hostname} comes from an authority that is not trusted here`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ({ hostname }) => `the certificate of ${hostname} comes from an authority that is not trusted here`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ({ hostname }) => `the certificate of ${hostname} comes from an authority that is not trusted here`,
}

/** Says for people why no connection or no answer came about. */
export function describeNetworkFailure(thrown: unknown, target: Target): string {
  const failure = innermost(thrown)
  const code = codeOf(failure)
  const sentence = sentences[code]
  if (sentence) return sentence(target)
  if (code.startsWith('HPE_') || (failure instanceof Error && failure.name === 'HTTPParserError'))
    return `${target.address} did not answer in HTTP`
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') return `${target.address} does not speak TLS`
  return `no connection to ${target.address}: ${messageOf(failure)}`
}

/** `fetch` wraps what happened; a name with several addresses wraps one failure for each. */
function innermost(thrown: unknown): unknown {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return innermost(thrown.errors[0])
  return thrown instanceof Error && thrown.cause !== undefined ? innermost(thrown.cause) : thrown
}

function codeOf(failure: unknown): string {
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined
  return typeof code === 'string' ? code : ''
}
