import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationTemporality, AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, startCollector, valuesOf } from './collector.ts'

const forms = [
  { form: 'json', Exporter: JsonExporter, compression: 'none' },
  { form: 'json_gzip', Exporter: JsonExporter, compression: 'gzip' },
  { form: 'protobuf', Exporter: ProtobufExporter, compression: 'none' },
  { form: 'protobuf_gzip', Exporter: ProtobufExporter, compression: 'gzip' },
] as const

describe('the OpenTelemetry SDK', () => {
  let collector: Running
  beforeAll(async () => {
    collector = await startCollector({ store: 'duckdb' })
  })
  afterAll(async () => collector?.stop())

  function start({ Exporter, compression }: (typeof forms)[number], temporalityPreference: AggregationTemporality) {
    // The packages name this enum twice; both mean the same.
    const options = { url: `${collector.url}/v1/metrics`, compression, temporalityPreference } as object
    const reader = new PeriodicExportingMetricReader({ exporter: new Exporter(options), exportIntervalMillis: 3_600_000 })
    return new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': 'shop', 'process.pid': 7 }),
      readers: [reader],
      views: [{ instrumentName: '*.exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
    })
  }

  it.each(forms)('sends every kind of metric as $form', async (setting) => {
    const provider = start(setting, AggregationTemporality.CUMULATIVE)
    const meter = provider.getMeter('test')
    const name = (kind: string) => `${setting.form}.${kind}`
    meter.createObservableGauge(name('gauge')).addCallback((result) => result.observe(21.5, { room: 'attic' }))
    meter.createCounter(name('counter')).add(3, { route: '/' })
    const histogram = meter.createHistogram(name('histogram'), { advice: { explicitBucketBoundaries: [0.1, 1] } })
    const exponential = meter.createHistogram(name('exponential'))
    for (const value of [0.05, 0.5, 0.7, 5]) {
      histogram.record(value)
      exponential.record(value)
    }
    await provider.shutdown()

    const where = (tag: string, value: string) => [{ tag, op: '=', value }]
    expect(await valuesOf(collector.url, name('gauge'), 'value', where('room', 'attic'))).toEqual([21.5])
    expect(await valuesOf(collector.url, name('counter'), 'value', where('service.name', 'shop'))).toEqual([3])
    const fields = Promise.all(['count', 'le_0.1', 'le_1', 'max'].map((field) => valuesOf(collector.url, name('histogram'), field)))
    expect(await fields).toEqual([[4], [1], [3], [5]])
    expect(await valuesOf(collector.url, name('exponential'), 'count')).toEqual([4])
    // 5 lies in (2^2.25, 2^2.375].
    expect(await valuesOf(collector.url, name('exponential'), 'exp3_18')).toEqual([1])
  })

  it('sends what was counted since the last time, told by a tag', async () => {
    const provider = start(forms[2], AggregationTemporality.DELTA)
    const counter = provider.getMeter('test').createCounter('delta.counter')
    counter.add(2)
    await provider.forceFlush()
    counter.add(5)
    await provider.shutdown()
    const delta = [{ tag: 'temporality', op: '=', value: 'delta' }]
    expect(await valuesOf(collector.url, 'delta.counter', 'value', delta)).toEqual([2, 5])
  })
})
