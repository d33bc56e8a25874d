import { describe, expect, it } from 'vitest'
import { describeNetworkFailure } from './network-failure.ts'

const target = { hostname: 'api.test', address: 'api.test:443' }
const failure = (code: string) => Object.assign(new Error(`connect ${code}`), { code })

describe('a failure of the network', () => {
  it.each([
    ['ECONNREFUSED', 'connection refused by api.test:443'],
    ['ENOTFOUND', 'the name api.test does not exist'],
    ['CERT_HAS_EXPIRED', 'the certificate of api.test has expired'],
    ['HPE_INVALID_CONSTANT', 'api.test:443 did not answer in HTTP'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'api.test:443 does not speak TLS'],
    ['E_NEW', 'no connection to api.test:443: connect E_NEW'],
  ])('with code %s reads "%s"', (code, sentence) => {
    expect(describeNetworkFailure(failure(code), target)).toBe(sentence)
  })

  it('is found inside what fetch wraps around it', () => {
    const wrapped = new TypeError('fetch failed', { cause: new AggregateError([failure('ECONNREFUSED'), failure('ENETUNREACH')]) })
    expect(describeNetworkFailure(wrapped, target)).toBe('connection refused by api.test:443')
  })
})
