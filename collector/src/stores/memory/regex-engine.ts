import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { createRegexMatcher } from '../shared/tag-filters.ts'

/** An empty DuckDB that only matches regular expressions; it is made when the first one comes. */
export function createRegexEngine() {
  let made: Promise<{ instance: DuckDBInstance; connection: DuckDBConnection }> | undefined

  async function make() {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1', enable_external_access: 'false' })
    return { instance, connection: await instance.connect() }
  }

  return {
    match: createRegexMatcher(async (work) => {
      made ??= make()
      return work((await made).connection)
    }),
    async stop(): Promise<void> {
      const engine = await made
      made = undefined
      engine?.connection.closeSync()
      engine?.instance.closeSync()
    },
  }
}
