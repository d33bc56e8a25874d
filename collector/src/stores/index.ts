export { duckdb } from './duckdb/duckdb.ts'
export { memory } from './memory/memory.ts'
