import { describe, expect, it } from 'vitest'
import { optionsOf } from './fake-doors.ts'
import { createSelection, toTargetPoints } from './page-points.ts'
import { type Target, toTarget } from './target.ts'

const targetOf = (address: string, labels = {}, given = {}) => toTarget(address, labels, optionsOf(given)) as Target

describe('a target', () => {
  it('has an address, and the labels job and instance', () => {
    const { url, labels, offsetMs } = targetOf('web-1:9100', {}, { labels: { team: 'a' } })
    expect([url.href, labels]).toEqual(['http://web-1:9100/metrics', { job: 'shop', instance: 'web-1:9100', team: 'a' }])
    expect(offsetMs).toBeLessThan(15_000)
  })

  it('has the port of its scheme when none is given', () => {
    expect(targetOf('web-1').labels.instance).toBe('web-1:80')
    expect(targetOf('web-1', {}, { scheme: 'https' }).labels.instance).toBe('web-1:443')
  })

  it("takes Prometheus's special labels, and keeps none of them", () => {
    const special = { __scheme__: 'https', __metrics_path__: '/probe', __param_target: 'a&b', __meta_x: '1', job: 'own' }
    const { url, labels } = targetOf('web-1:1', special, { params: { module: ['http_2xx'] } })
    expect([url.href, labels]).toEqual(['https://web-1:1/probe?module=http_2xx&target=a%26b', { job: 'own', instance: 'web-1:1' }])
  })

  it.each(['http://web-1', 'web-1/metrics', '', 'a b', 'u@web-1'])('is refused with the address %j', (address) => {
    expect(toTarget(address, {}, optionsOf())).toMatch(/is not an address/)
  })
})

describe("the page's own labels", () => {
  const points = [{ measurement: 'm', tags: { job: 'theirs', exported_job: 'older', a: '1' }, fields: { value: 1 } }]
  const labels = { job: 'ours', instance: 'i' }

  it('are renamed where they would take the place of ours', () => {
    const [point] = toTargetPoints(points, labels, { honorLabels: false, honorTimestamps: true })
    expect(point?.tags).toEqual({ job: 'ours', instance: 'i', a: '1', exported_job: 'older', exported_exported_job: 'theirs' })
  })

  it('win with honorLabels', () => {
    const [point] = toTargetPoints(points, labels, { honorLabels: true, honorTimestamps: true })
    expect(point?.tags).toEqual({ job: 'theirs', instance: 'i', a: '1', exported_job: 'older' })
  })
})

it('keeps and drops metrics by their whole name', () => {
  const names = ['go_gc', 'go_threads', 'http_requests', 'my_go_x']
  const points = names.map((measurement) => ({ measurement, tags: {}, fields: { value: 1 } }))
  const page = { points, weights: [1, 2, 3, 4], samples: 10, refused: [] }
  const namesOf = (keep: string[], drop: string[]) => {
    const { points: left, kept } = createSelection({ keep, drop })(page)
    return [...left.map(({ measurement }) => measurement), kept]
  }
  expect(namesOf([], ['go_.*'])).toEqual(['http_requests', 'my_go_x', 7])
  expect(namesOf(['go_.*', 'http_.*'], ['go_gc'])).toEqual(['go_threads', 'http_requests', 5])
  expect(namesOf([], [])).toEqual([...names, 10])
})
