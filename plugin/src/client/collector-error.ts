import type { ApiError } from '../../../collector/src/contract/query.ts'

/** What went wrong between here and the collector, as a sentence for people. */
export class CollectorError extends Error {
  readonly code: string
  /** The HTTP status; 0 when nothing answered. */
  readonly status: number
  readonly requestId?: string

  constructor(message: string, options: { code: string; status: number; requestId?: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'CollectorError'
    this.code = options.code
    this.status = options.status
    if (options.requestId !== undefined) this.requestId = options.requestId
  }
}

const byStatus: Readonly<Record<number, string>> = {
  401: 'The collector refused the token. Set a valid one in the datasource settings.',
  403: 'Your role may not do this: reading needs Viewer, acknowledging and resolving need Editor.',
  404: 'Nothing answers at this address. The URL may point at something other than a Tidewatch collector.',
  413: 'The request is larger than the collector accepts. Ask for fewer series or a shorter range.',
  429: 'The collector is asked too often. Lengthen the refresh interval.',
  502: 'Grafana cannot reach the collector. Check that it runs and that its URL is right from where Grafana stands.',
  503: 'The collector is not ready, or its store does not answer.',
  504: 'The collector did not answer in time. Shorten the range or widen the interval.',
}

/** Turns whatever was thrown by a call into a sentence; the collector's own words win. */
export function toCollectorError(thrown: unknown): CollectorError {
  if (thrown instanceof CollectorError) return thrown
  const { status, data, message, cancelled } = readFetchError(thrown)
  if (cancelled) return new CollectorError('The request was cancelled.', { code: 'CANCELLED', status, cause: thrown })
  const answered = readApiError(data)
  if (answered) {
    return new CollectorError(answered.message, { code: answered.code, status, requestId: answered.requestId, cause: thrown })
  }
  const sentence =
    byStatus[status] ??
    message ??
    (status > 0
      ? `The collector answered with status ${status}.`
      : 'The collector did not answer. Check that it runs and that its URL is right.')
  return new CollectorError(sentence, { code: status > 0 ? `HTTP_${status}` : 'UNREACHABLE', status, cause: thrown })
}

type FetchFacts = { status: number; data: unknown; message: string | undefined; cancelled: boolean }

function readFetchError(thrown: unknown): FetchFacts {
  if (typeof thrown !== 'object' || thrown === null) return { status: 0, data: undefined, message: undefined, cancelled: false }
  const { status, data, message, cancelled } = thrown as { status?: unknown; data?: unknown; message?: unknown; cancelled?: unknown }
  const known = typeof status === 'number' && status > 0 ? status : 0
  // A browser says only "Failed to fetch" of a dead address; our own sentence says what to do.
  const words = typeof message === 'string' && known > 0 ? message : undefined
  return { status: known, data, message: words, cancelled: cancelled === true || (thrown as Error).name === 'AbortError' }
}

function readApiError(data: unknown): ApiError | undefined {
  const error = (data as { error?: unknown } | undefined)?.error
  if (typeof error !== 'object' || error === null) return undefined
  const { code, message, requestId } = error as { code?: unknown; message?: unknown; requestId?: unknown }
  if (typeof code !== 'string' || typeof message !== 'string') return undefined
  return { code, message, ...(typeof requestId === 'string' && { requestId }) }
}
