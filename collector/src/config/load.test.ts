import { describe, expect, it } from 'vitest'
import { hashToken } from '../lib/token-hash.ts'
import { type LoadDoors, loadConfig } from './load.ts'

function load(yaml: string | undefined, doors: Partial<Omit<LoadDoors, 'files'>> = {}, others: Record<string, string> = {}) {
  const files: Record<string, string> = { ...(yaml !== undefined && { 'tidewatch.yaml': yaml }), ...others }
  return loadConfig({
    flags: {},
    env: {},
    ...doors,
    files: {
      exists: (path) => path in files,
      read: (path) => {
        const text = files[path]
        if (text === undefined) throw new Error(`ENOENT: no such file, open '${path}'`)
        return text
      },
    },
  })
}

const refusalOf = (yaml: string, doors: Partial<Omit<LoadDoors, 'files'>> = {}): string => {
  try {
    load(yaml, doors)
  } catch (thrown) {
    return (thrown as Error).message
  }
  throw new Error('the configuration was accepted')
}

describe('the configuration', () => {
  it('is whole without a file', () => {
    const config = load(undefined)
    expect(config.server).toEqual({ host: '127.0.0.1', port: 8484 })
    expect(config.data).toBe('./data')
    expect(config.limits).toMatchObject({ ingestBodyBytesMax: 25_000_000, queryTimeoutMs: 30_000, stopGraceMs: 10_000 })
    expect(config.file).toBeUndefined()
  })

  it('comes from tidewatch.yaml where there is one, or from the file that is named', () => {
    expect(load('server: { port: 1 }').file).toBe('tidewatch.yaml')
    const named = load('server: { port: 1 }', { flags: { config: 'other.yaml' } }, { 'other.yaml': 'server: { port: 2 }' })
    expect([named.file, named.server.port]).toEqual(['other.yaml', 2])
  })

  it('cannot be changed once it is read', () => {
    expect(() => Object.assign(load(undefined).server, { port: 1 })).toThrow(TypeError)
  })

  it('lists all problems together, each with its path and where it stands', () => {
    expect(refusalOf('server:\n  prot: 1\n  host: 5\nlimits:\n  queryTimeout: 5x\nnonsense: 1\n').split('\n')).toEqual([
      'tidewatch.yaml has 4 problems:',
      '  tidewatch.yaml:3:9: server.host: must be a text; put it in quotes',
      '  tidewatch.yaml:2:3: server.prot: unknown key, did you mean "port"?',
      '  tidewatch.yaml:5:17: limits.queryTimeout: "5x" is not a duration; write it like 30s, 5m, 1h30m or 7d',
      expect.stringMatching(/^ {2}tidewatch\.yaml:6:1: nonsense: unknown key; there are server, data, /),
    ])
  })

  it('tells where a bad value came from that was not in the file', () => {
    expect(refusalOf('', { flags: { port: 'http' } })).toContain('--port: server.port: must be a number')
    expect(refusalOf('', { env: { TIDEWATCH_STORE: 'duckbd' } })).toMatch(
      /TIDEWATCH_STORE: store.type: must be one of .*, did you mean "duckdb"\?/,
    )
  })

  it('is refused when it is no group of settings at all', () => {
    expect(refusalOf('- a\n- b\n')).toContain('must be a group of settings')
    expect(refusalOf('just text\n')).toContain('must be a group of settings')
  })
})

describe('tokens', () => {
  const secret = 'a-secret-of-some-length'

  it('are kept as hashes only, however they are given', () => {
    const yaml = `tokens:\n- { name: a, scopes: [read], token: ${secret}-1 }\n- { name: b, scopes: [write], tokenFile: /run/t }\n- { name: c, scopes: [admin], hash: "${hashToken('x')}" }`
    const config = load(yaml, {}, { '/run/t': `${secret}-2\n` })
    expect(config.tokens).toEqual([
      { name: 'a', scopes: ['read'], hash: hashToken(`${secret}-1`) },
      { name: 'b', scopes: ['write'], hash: hashToken(`${secret}-2`) },
      { name: 'c', scopes: ['admin'], hash: hashToken('x') },
    ])
  })

  it('are given in exactly one way, with scopes that exist, and once', () => {
    expect(refusalOf(`tokens: [{ name: a, scopes: [read], token: ${secret}, hash: "${hashToken('x')}" }]`)).toContain('exactly one')
    expect(refusalOf('tokens: [{ name: a, scopes: [read] }]')).toContain('exactly one')
    expect(refusalOf(`tokens: [{ name: a, scopes: [raed], token: ${secret} }]`)).toContain('did you mean "read"?')
    expect(refusalOf(`tokens: [{ name: a, scopes: [read], token: short }]`)).toContain('at least 16 characters')
    const twice = `tokens: [{ name: a, scopes: [read], token: ${secret} }, { name: b, scopes: [read], token: ${secret} }]`
    expect(refusalOf(twice)).toContain('tokens[1]: is the same token as another')
  })

  it('never show in a message', () => {
    expect(refusalOf(`tokens: [{ name: a, scopes: [], token: ${secret} }]`)).not.toContain(secret)
  })
})

describe('what fits together', () => {
  const webhook = 'receivers: [{ name: ops, type: webhook, url: "https://example.org/" }]'

  it('sends everything to every receiver when no route is given', () => {
    expect(load(undefined).route.receivers).toEqual(['log'])
    expect(load(webhook).route.receivers).toEqual(['ops'])
  })

  it('has a receiver for every route', () => {
    expect(refusalOf(`${webhook}\nroute: { receiver: opz }`)).toContain(
      'tidewatch.yaml:2:20: route.receiver: there is no receiver "opz", did you mean "ops"?',
    )
    const nested = 'route: { receiver: ops, routes: [{ receiver: [ops, night], matchers: [severity=critical] }] }'
    expect(refusalOf(`${webhook}\n${nested}`)).toContain('there is no receiver "night"')
  })

  it('has no two receivers, rules or components of one name', () => {
    const rule = '{ name: r, source: { measurement: m, field: f }, condition: { above: 1 } }'
    const component = '{ name: c, type: tcp, host: h, port: 1 }'
    const refusal = refusalOf(
      `receivers: [{ name: a, type: log }, { name: a, type: log }]\nrules: [${rule}, ${rule}]\ncomponents: [${component}, ${component}]`,
    )
    expect(refusal).toContain('receivers[1]: another receiver is called "a" already')
    expect(refusal).toContain('rules[1]: another rule is called "r" already')
    expect(refusal).toContain('components[1]: another component is called c (production) already')
    expect(load(`components: [${component}, { name: c, environment: staging, type: tcp, host: h, port: 1 }]`).components).toHaveLength(6)
  })

  it('knows every rule that a composite names, and does not go round in circles', () => {
    const both = (name: string, expression: string) => `{ name: ${name}, kind: composite, expression: ${expression} }`
    expect(refusalOf(`rules: [${both('x', '{ and: [host-cpu-high, host-disk-ful] }')}]`)).toContain(
      'rules[0].expression: there is no rule "host-disk-ful", did you mean "host-disk-full"?',
    )
    expect(refusalOf(`rules: [${both('x', '{ not: y }')}, ${both('y', '{ not: x }')}]`)).toContain(
      'rules[0].expression: leads back to "x" itself',
    )
    const chain = [both('a', '{ not: host-cpu-high }'), both('b', '{ not: a }'), both('c', '{ not: b }'), both('d', '{ not: c }')]
    expect(load(`rules: [${chain.slice(0, 3).join()}]`).rules.map(({ name }) => name)).toContain('c')
    expect(refusalOf(`rules: [${chain.join()}]`)).toContain('rules[3].expression: is nested 4 deep with the rules it names, more than 3')
  })

  it('watches itself and carries the rules of the presets, unless the file has its own of that name', () => {
    const config = load(undefined)
    expect(config.components.map(({ name }) => name)).toEqual(['collector', 'store', 'disk', 'host'])
    expect(config.rules.map(({ name }) => name)).toContain('component-down')
    const own = load(
      'rules: [{ name: component-down, severity: info, source: { measurement: m, field: f }, condition: { above: 1 } }]\ncomponents: [{ name: disk, environment: local, type: self, check: disk, critical: false }]',
    )
    expect(own.rules.filter(({ name }) => name === 'component-down').map(({ severity }) => severity)).toEqual(['info'])
    expect(own.components.filter(({ name }) => name === 'disk').map(({ critical }) => critical)).toEqual([false])
    expect(load('presets: []').rules).toEqual([])
  })

  it('knows the options of the probe that a component chose', () => {
    expect(refusalOf('components: [{ name: a, type: http, url: nowhere, interva: 5s }]')).toMatch(
      /components\[0\]\.interva: unknown key, did you mean "interval"\?/,
    )
    expect(refusalOf('components: [{ name: a, type: htp }]')).toContain('did you mean "http"?')
  })
})
