import type { StartOptions } from './collector.ts'
import { hasInfluxd, startInfluxd } from './influxd.ts'

export type StoreUnderTest = { name: string; start: () => Promise<{ options: StartOptions; stop: () => Promise<void> }> }

const embedded = (store: 'memory' | 'duckdb'): StoreUnderTest => ({
  name: store,
  start: async () => ({ options: { store }, stop: async () => {} }),
})

const influxdb: StoreUnderTest = {
  name: 'influxdb',
  async start() {
    const { url, stop } = await startInfluxd()
    return { options: { store: 'influxdb', env: { TIDEWATCH_INFLUX_URL: url } }, stop }
  },
}

/** The stores that whole-collector tests run with; InfluxDB where the real one is installed. */
export const stores: readonly StoreUnderTest[] = [embedded('memory'), embedded('duckdb'), ...(hasInfluxd ? [influxdb] : [])]
