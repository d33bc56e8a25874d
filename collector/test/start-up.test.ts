import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newFolder, runCommand, spawnCollector, valuesOf } from './collector.ts'

/** One sentence for the operator: no stack, and a code that says it failed. */
function expectSentence(ended: { code: number | null; errors: string }, words: RegExp): void {
  expect(ended.errors).toMatch(words)
  expect(ended.errors).not.toMatch(/\n\s+at /)
  expect(ended.code).toBe(1)
}

describe('a start that cannot succeed', () => {
  it('says that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const ended = await runCommand(['serve', '--store', 'memory', '--port', String(port), '--data', newFolder()])
    other.close()
    expectSentence(ended, new RegExp(`^tidewatch: Port ${port} on 127\\.0\\.0\\.1 is taken by another program\\.[^\\n]*\\n$`))
  })

  it('says that the data directory cannot be used', async () => {
    const file = join(newFolder(), 'a-file')
    writeFileSync(file, '')
    expectSentence(await runCommand(['serve', '--port', '0', '--data', join(file, 'data')]), /^tidewatch: [^\n]*a-file[^\n]*\n$/)
  })

  it('says that nothing can be written there', async () => {
    expectSentence(
      await runCommand(['serve', '--port', '0', '--data', '/proc/tidewatch']),
      /^tidewatch: Cannot keep data in \/proc\/tidewatch: [^\n]*\n$/,
    )
  })

  it('lists everything that is wrong with the configuration', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'tidewatch.yaml'), 'server:\n  prot: 1\nlimits:\n  queryTimeout: 5x\n')
    const ended = await runCommand(['serve'], { cwd: folder })
    expectSentence(ended, /tidewatch\.yaml has 2 problems:/)
    expect(ended.errors).toContain(':2:3: server.prot: unknown key, did you mean "port"?')
    expect(ended.errors).toContain('limits.queryTimeout: "5x" is not a duration')
  })

  it('says that a file named for it is not there', async () => {
    expectSentence(await runCommand(['serve', '--config', '/nowhere.yaml']), /Cannot read the configuration \/nowhere\.yaml/)
  })

  it('refuses to listen beyond this machine without tokens', async () => {
    expectSentence(await runCommand(['serve', '--host', '0.0.0.0', '--port', '0', '--data', newFolder()]), /without tokens/)
  })

  it.each(['duckdb', 'memory'])('refuses a second collector on the same data, store %s, but not after a kill', async (store) => {
    const data = newFolder()
    const first = await spawnCollector(['--data', data, '--store', store])
    const ended = await runCommand(['serve', '--port', '0', '--data', data, '--store', store])
    expectSentence(
      ended,
      new RegExp(`^tidewatch: Another collector keeps its data in ${data}: process ${first.child.pid} on [^\\n]*--data`),
    )
    first.child.kill('SIGKILL')
    await first.exited
    const next = await spawnCollector(['--data', data, '--store', store])
    next.child.kill('SIGTERM')
    expect(await next.exited).toBe(0)
  })
})

describe('a start that succeeds', () => {
  it('says where it is, how to push a first metric, and where the data lies; and what it says works', async () => {
    const data = newFolder()
    const { url, child, banner, exited } = await spawnCollector(['--data', data])
    expect(banner).toContain(`duckdb, ${data}`)
    const command = /^ {2}curl .*$/m.exec(banner)?.[0] ?? ''
    expect(execFileSync('sh', ['-c', command], { encoding: 'utf8', stdio: 'pipe' })).toBe('{"accepted":1,"rejected":[]}')
    expect(await valuesOf(url, 'orders', 'count')).toEqual([1])
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  })

  it('is seen by "tidewatch health", whose exit code tells a script', async () => {
    const { url, child, exited } = await spawnCollector(['--store', 'memory', '--data', newFolder()])
    expect((await runCommand(['health', '--url', url, '--format', 'json'])).out).toContain('"status"')
    child.kill('SIGTERM')
    await exited
    const gone = await runCommand(['health', '--url', url])
    expect([gone.code, gone.errors]).toEqual([3, expect.stringContaining('No collector answers')])
  })

  it('does not need InfluxDB to be up yet', async () => {
    const env = { TIDEWATCH_INFLUX_URL: 'http://127.0.0.1:1' }
    const { url, child, exited } = await spawnCollector(['--store', 'influxdb', '--data', newFolder()], env)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect((await fetch(`${url}/write?db=a`, { method: 'POST', body: 'a v=1' })).status).toBe(204)
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  })
})

describe('commands', () => {
  it('make a token whose hash the configuration takes', async () => {
    const made = await runCommand(['token', 'create', '--name', 'ci', '--scopes', 'write,read'])
    const [, token = ''] = /^ {2}(tw_\S+)$/m.exec(made.out) ?? []
    const [, hash = ''] = /hash: (sha256:\w+)/.exec(made.out) ?? []
    expect((await runCommand(['token', 'hash'], { input: `${token}\n` })).out.trim()).toBe(hash)
    expect((await runCommand(['token', 'create', '--name', 'x', '--scopes', 'everything'])).code).toBe(1)
  })

  it('check a configuration without starting', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'tidewatch.yaml'), 'server: { port: 9000 }\n')
    expect((await runCommand(['check-config'], { cwd: folder })).out).toContain('tidewatch.yaml is valid')
    writeFileSync(join(folder, 'tidewatch.yaml'), 'server: { port: 99999 }\n')
    expect((await runCommand(['check-config'], { cwd: folder })).code).toBe(1)
  })
})
