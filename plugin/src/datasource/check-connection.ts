import type { TestDataSourceResponse } from '@grafana/data'
import type { StatusResponse } from '../../../collector/src/contract/catalog.ts'
import type { CollectorClient } from '../client/collector-client.ts'
import { type CollectorError, toCollectorError } from '../client/collector-error.ts'
import { counted } from '../format/words.ts'

/** What "Save & test" says: who answered and in what state, or exactly what is wrong. */
export async function checkConnection({
  client,
  hasAddress,
}: {
  client: CollectorClient
  hasAddress: boolean
}): Promise<TestDataSourceResponse> {
  if (!hasAddress) return failure("Enter the collector's URL, for example http://collector:8484.")
  const status = await client.status().catch((thrown: unknown) => toCollectorError(thrown))
  if (status instanceof Error) return failure(toReadSentence(status), status)
  if (!isStatus(status)) return failure('Something answers at this URL, but it is not a Tidewatch collector. Check host, port and path.')
  const operate = await testOperate(client)
  const { version, store, rules, probes } = status
  const counts = `${counted(rules, 'rule')}, ${counted(probes, 'probe')}`
  if (!store.ok) return failure(`Tidewatch ${version} answers, but its ${store.kind} store does not work: ${store.message}`)
  return {
    status: 'success',
    message: `Tidewatch ${version} answers. Store: ${store.kind}, working. ${counts}. ${operate}`,
    details: { message: store.message },
  }
}

/** The request is invalid on purpose: refusing its content means that the token was let in. */
async function testOperate(client: CollectorClient): Promise<string> {
  const refusal = await client.tryOperate().then(
    () => undefined,
    (thrown: unknown) => toCollectorError(thrown),
  )
  if (refusal === undefined || refusal.code === 'VALIDATION_FAILED' || refusal.code === 'NOT_FOUND') {
    return 'Editors may acknowledge and resolve alerts.'
  }
  return `Panels can only look: the operate token does not work (${refusal.message})`
}

function toReadSentence(error: CollectorError): string {
  if (error.code === 'UNAUTHENTICATED') return `The collector refused the read token: ${error.message}`
  if (error.code === 'FORBIDDEN') return `The read token lacks the scope "read": ${error.message}`
  if (error.code === 'HTTP_400') return `The collector refused the request; most often the read token is missing or wrong. ${error.message}`
  return error.message
}

function isStatus(answer: unknown): answer is StatusResponse {
  const { version, store } = (answer ?? {}) as Partial<StatusResponse>
  return typeof version === 'string' && typeof store?.kind === 'string'
}

function failure(message: string, error?: CollectorError): TestDataSourceResponse {
  const request = error?.requestId === undefined ? undefined : `Request ${error.requestId}`
  return { status: 'error', message, ...(request && { details: { message: request } }) }
}
