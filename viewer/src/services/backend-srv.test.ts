import type { FetchError } from '@grafana/runtime'
import { describe, expect, it } from 'vitest'
import { createBackendSrv } from './backend-srv.ts'
import { createTokenKeeper } from './token-source.ts'

type Sent = { url: string; init: RequestInit }

function createStorage(): Storage {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage
}

function createPage(answer: (sent: Sent) => Response | Promise<Response>) {
  const sent: Sent[] = []
  const errors: FetchError[] = []
  const token = createTokenKeeper(createStorage())
  const fetch = async (input: RequestInfo | URL, init: RequestInit = {}) => {
    sent.push({ url: String(input), init })
    return answer({ url: String(input), init })
  }
  return { sent, errors, token, backend: createBackendSrv({ fetch, token, onError: (error) => errors.push(error) }) }
}

const header = ({ init }: Sent, name: string) => new Headers(init.headers).get(name)
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })

describe('createBackendSrv', () => {
  it("leads the proxy's addresses to the collector's own paths", async () => {
    const { backend, sent } = createPage(() => json({ ok: true }))
    expect(await backend.get('/viewer/proxy/read/api/v1/health', { environment: 'production', tag: ['a', 'b'], none: undefined })).toEqual({
      ok: true,
    })
    await backend.post('/viewer/proxy/operate/api/v1/alerts/1/ack', { actor: 'jane' })
    expect(sent.map((one) => one.url)).toEqual(['/api/v1/health?environment=production&tag=a&tag=b', '/api/v1/alerts/1/ack'])
    expect(sent[1]?.init).toMatchObject({ method: 'POST', body: '{"actor":"jane"}' })
  })

  it("rejects with the status and the collector's own words", async () => {
    const { backend, errors } = createPage(() => json({ error: { code: 'QUERY', message: 'no such measurement' } }, 400))
    await expect(backend.get('/api/v1/query')).rejects.toMatchObject({ status: 400, data: { error: { message: 'no such measurement' } } })
    expect(errors).toHaveLength(1)
  })

  it('leaves an error to the caller who asked for that', async () => {
    const { backend, errors } = createPage(() => json({}, 500))
    await expect(backend.get('/x', undefined, undefined, { showErrorAlert: false })).rejects.toMatchObject({ status: 500 })
    expect(errors).toEqual([])
  })

  it('asks once for a token, whoever was refused, and sends every request again with it', async () => {
    const { backend, sent, token } = createPage((one) =>
      header(one, 'Authorization') === 'Bearer good' ? json({ ok: true }) : json({}, 401),
    )
    const both = Promise.all([backend.get('/a'), backend.get('/b')])
    await expect.poll(() => token.question()).toBeDefined()
    expect(token.question()?.refused).toBe(false)
    token.question()?.answer('good')
    expect(await both).toEqual([{ ok: true }, { ok: true }])
    expect(await backend.get('/c')).toEqual({ ok: true })
    expect(sent.map((one) => one.url)).toEqual(['/a', '/b', '/a', '/b', '/c'])
  })

  it('says so when a token was refused, passes the refusal on when no other is given, and asks no more', async () => {
    const { backend, token } = createPage(() => json({}, 401))
    const answer = backend.get('/a')
    await expect.poll(() => token.question()).toBeDefined()
    token.question()?.answer('wrong')
    await expect.poll(() => token.question()?.refused).toBe(true)
    token.question()?.answer(undefined)
    await expect(answer).rejects.toMatchObject({ status: 401 })
    await expect(backend.get('/c')).rejects.toMatchObject({ status: 401 })
    expect(token.question()).toBeUndefined()
  })

  it('aborts a request whose subscriber left', async () => {
    let signal: AbortSignal | null | undefined
    const { backend, errors } = createPage(({ init }) => {
      signal = init.signal
      return new Promise(() => undefined)
    })
    const subscription = backend.fetch({ url: '/slow' }).subscribe()
    await expect.poll(() => signal).toBeDefined()
    subscription.unsubscribe()
    expect(signal?.aborted).toBe(true)
    expect(errors).toEqual([])
  })

  it('hands over a stream in the pieces it came in', async () => {
    const bytes = (text: string) => new TextEncoder().encode(text)
    const stream = new ReadableStream({
      start(controller) {
        for (const text of ['one', 'two']) controller.enqueue(bytes(text))
        controller.close()
      },
    })
    const { backend } = createPage(() => new Response(stream))
    const pieces: string[] = []
    await new Promise<void>((complete) => {
      backend.chunked({ url: '/stream' }).subscribe({ next: ({ data }) => pieces.push(new TextDecoder().decode(data)), complete })
    })
    expect(pieces).toEqual(['one', 'two'])
  })

  it('says that nobody answered when the network fails', async () => {
    const { backend } = createPage(() => Promise.reject(new TypeError('Failed to fetch')))
    await expect(backend.get('/a')).rejects.toMatchObject({ status: 0, statusText: 'The collector did not answer' })
  })
})
