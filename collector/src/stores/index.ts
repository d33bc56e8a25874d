export { duckdb } from './duckdb/duckdb.ts'
export { influxdb } from './influxdb/influxdb.ts'
export { memory } from './memory/memory.ts'
