import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newFolder, type Running, startCollector, valuesOf } from './collector.ts'

const influx = '/usr/bin/influx'

/** What clients of the field were seen to send, each with a peculiarity of its own. */
describe('clients of the field', () => {
  let collector: Running
  let port: string
  beforeAll(async () => {
    collector = await startCollector({ store: 'duckdb' })
    port = new URL(collector.url).port
  })
  afterAll(() => collector.stop())

  const send = (path: string, init: RequestInit = {}) => fetch(`${collector.url}${path}`, { method: 'POST', ...init })

  async function run(args: readonly string[]): Promise<{ code: number; out: string }> {
    const child = spawn(influx, ['-host', '127.0.0.1', '-port', port, ...args], { env: { ...process.env, HOME: newFolder() } })
    let out = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += chunk))
    const [code] = await once(child, 'close')
    return { code, out }
  }

  it.skipIf(!existsSync(influx))(
    'influx, the command line of InfluxDB 1.x, connects, inserts and imports a file with its blanks and empty lines',
    async () => {
      expect(await run(['-execute', 'CREATE DATABASE cli'])).toEqual({ code: 0, out: '' })
      expect((await run(['-execute', 'SHOW DATABASES'])).out).toContain('cli')
      expect(await run(['-database', 'cli', '-execute', 'INSERT from_cli,way=insert v=1'])).toEqual({ code: 0, out: '' })
      const file = join(newFolder(), 'export.txt')
      const lines = [
        '# DDL',
        'CREATE DATABASE cli',
        '# DML',
        '# CONTEXT-DATABASE: cli',
        'from_cli,way=import v=2 1795231147',
        '',
        ' from_cli,way=import v=3 1795231148',
        '',
      ]
      writeFileSync(file, lines.join('\n'))
      expect((await run(['-import', '-path', file, '-precision', 's'])).out).toContain('Processed 2 inserts')
      expect((await valuesOf(collector.url, 'from_cli', 'v')).sort()).toEqual([1, 2, 3])
    },
  )

  it('python3-influxdb asks for msgpack, logs in as root, and sends nan among good lines', async () => {
    const headers = { accept: 'application/x-msgpack', authorization: `Basic ${Buffer.from('root:root').toString('base64')}` }
    const created = await send('/query?q=create+database+py', { headers })
    expect([created.status, await created.json()]).toEqual([200, { results: [{ statement_id: 0 }] }])
    const answer = await send('/write?db=py&precision=n', {
      headers,
      body: 'py,n=1 v=1.0 1\npy,n=2 v=nan 2\npy,n=3 v=True 3\npy,n=3 w=T 3',
    })
    expect([answer.status, answer.headers.get('x-tidewatch-rejected-lines')]).toEqual([400, '2,3'])
    expect(await valuesOf(collector.url, 'py', 'w')).toEqual([])
  })

  it('ruby-influxdb puts its credentials into the query, npm influx an empty retention policy, others a consistency', async () => {
    const body = 'ruby v=1 1795231147000'
    expect((await send('/write?db=a&u=root&p=root&rp=&consistency=all&precision=ms', { body })).status).toBe(204)
    expect(await valuesOf(collector.url, 'ruby', 'v')).toEqual([1])
  })

  it('syslog-ng and curl call line protocol a form, and the influx command calls it nothing', async () => {
    for (const [index, type] of ['application/x-www-form-urlencoded', '', 'application/octet-stream', 'text/plain'].entries()) {
      const body = new Uint8Array(Buffer.from(`typed,n=${index} v=${index} 1795231147000`))
      expect((await send('/write?db=a&precision=ms', { body, headers: { 'content-type': type } })).status, type).toBe(204)
    }
    expect((await valuesOf(collector.url, 'typed', 'v')).sort()).toEqual([0, 1, 2, 3])
  })

  it("perl's client speaks HTTP/1.0", async () => {
    const socket = connect(Number(port), '127.0.0.1')
    const body = 'perl v=1 1795231147000'
    socket.write(`POST /write?db=a&precision=ms HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    expect(Buffer.concat(await socket.toArray()).toString()).toMatch(/^HTTP\/1\.1 204 /)
    expect(await valuesOf(collector.url, 'perl', 'v')).toEqual([1])
  })

  it('ping answers to every method with the version, without which the influx command and package go no further', async () => {
    for (const method of ['GET', 'HEAD', 'POST']) {
      const answer = await send('/ping', { method })
      expect([answer.status, answer.headers.get('x-influxdb-version')], method).toEqual([204, expect.stringMatching(/^1\./)])
    }
    expect(await (await send('/query?q=SHOW DATABASES', { method: 'GET' })).json()).toMatchObject({
      results: [{ series: [{ name: 'databases' }] }],
    })
  })

  it('netdata, collectd and KairosDB writers are found again', async () => {
    expect((await send('/api/put', { body: '[\n\n]\n' })).status).toBe(204)
    expect(
      (await send('/api/put', { body: '[{"metric":"netdata.load","timestamp":1795231147,"value":0.5,"tags":{"host":"a"}}]' })).status,
    ).toBe(204)
    expect((await send('/collectd-post', { body: 'PUTVAL a/load/load 1795231147.180:1:2:3' })).status).toBe(204)
    expect((await send('/api/v1/datapoints', { body: '[{"name":"kairos","timestamp":1795231147180,"value":4,"tags":{}}]' })).status).toBe(
      204,
    )
    expect(await valuesOf(collector.url, 'netdata.load', 'value')).toEqual([0.5])
    expect(await valuesOf(collector.url, 'load_midterm', 'value')).toEqual([2])
    expect(await valuesOf(collector.url, 'kairos', 'value')).toEqual([4])
  })
})
