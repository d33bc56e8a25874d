import { describe, expect, it } from 'vitest'
import { applyOverrides, overridesOf } from './overrides.ts'

const merged = (data: object, flags: object, env: Record<string, string> = {}) => applyOverrides(data, overridesOf(flags, env), env)

describe('overrides', () => {
  it('are strongest on the command line, then in the environment, then in the file', () => {
    const file = { server: { host: '127.0.0.1', port: 1, externalUrl: 'http://a' }, data: './file' }
    expect(merged(file, { port: '3' }, { TIDEWATCH_PORT: '2', TIDEWATCH_DATA: './env' })).toEqual({
      server: { host: '127.0.0.1', port: '3', externalUrl: 'http://a' },
      data: './env',
    })
  })

  it('keep the options of the store when it is the same one, and drop those of another', () => {
    const file = { store: { type: 'duckdb', memory: '1GB' } }
    expect(merged(file, { store: 'duckdb' })).toEqual(file)
    expect(merged(file, { store: 'memory' })).toEqual({ store: { type: 'memory' } })
  })

  it('take the address of InfluxDB from the environment where the file has none', () => {
    const env = { TIDEWATCH_INFLUX_URL: 'http://influx:8086' }
    expect(merged({}, { store: 'influxdb' }, env)).toEqual({ store: { type: 'influxdb', url: 'http://influx:8086' } })
    expect(merged({ store: { type: 'influxdb', url: 'http://file' } }, {}, env)).toEqual({
      store: { type: 'influxdb', url: 'http://file' },
    })
    expect(merged({}, {}, env)).toEqual({})
  })

  it('ignore variables that are empty', () => {
    expect(merged({}, {}, { TIDEWATCH_PORT: '' })).toEqual({})
  })
})
