import { describe, expect, it } from 'vitest'
import { mapProxyPath } from './proxy-path.ts'

describe('mapProxyPath', () => {
  it.each([
    ['/viewer/proxy/read/api/v1/query', '/api/v1/query'],
    ['/viewer/proxy/operate/api/v1/alerts/1/ack', '/api/v1/alerts/1/ack'],
    ['/viewer/proxy/read', '/'],
    ['/viewer/proxy/reader/x', '/viewer/proxy/reader/x'],
    ['/viewer/dashboards', '/viewer/dashboards'],
    ['api/v1/health', '/api/v1/health'],
    ['https://elsewhere.example/x', 'https://elsewhere.example/x'],
  ])('leads %s to %s', (from, to) => {
    expect(mapProxyPath(from)).toBe(to)
  })
})
