import type { Context } from 'hono'
import { influxError } from '../answers/influx-answers.ts'
import type { HttpEnv } from '../env.ts'

/** Most database names that are remembered for SHOW DATABASES. */
const databasesMax = 1000

/** The names clients created or wrote to. There is one store behind all of them. */
export type Databases = { add(name: string): void; list(): readonly string[] }

export function createDatabases(): Databases {
  const names = new Set(['tidewatch'])
  return {
    add(name) {
      if (names.size < databasesMax) names.add(name)
    },
    list: () => [...names].sort(),
  }
}

type StatementResult = { statement_id: number; series?: unknown[] }

const create = /^create\s+database\s+(?:if\s+not\s+exists\s+)?(?:"((?:[^"\\]|\\.)+)"|(\w+))(?:\s+with\b.*)?$/is
const show = /^show\s+databases$/i

/**
 * Answers the statements that clients send before they write; nothing else.
 *
 * A client that cannot create its database gives up, so CREATE DATABASE succeeds.
 */
export function answerStatements(c: Context<HttpEnv>, text: string | undefined, databases: Databases): Response {
  const statements = (text ?? '').split(';').map((part) => part.trim())
  const wanted = statements.filter((part) => part !== '')
  if (wanted.length === 0) return influxError(c, 400, 'missing required parameter "q"')

  const results: StatementResult[] = []
  for (const [index, statement] of wanted.entries()) {
    const created = create.exec(statement)
    if (created) databases.add(created[1] ?? created[2] ?? '')
    else if (!show.test(statement)) return influxError(c, 400, notAnswered(statement))
    const series = [{ name: 'databases', columns: ['name'], values: databases.list().map((name) => [name]) }]
    results.push({ statement_id: index, ...(!created && { series }) })
  }
  return c.body(`${JSON.stringify({ results })}\n`, 200, { 'Content-Type': 'application/json' })
}

function notAnswered(statement: string): string {
  const start = statement.slice(0, 60).replace(/\s+/g, ' ')
  return `error parsing query: "${start}" is not answered here; only CREATE DATABASE and SHOW DATABASES are. Ask POST /api/v1/query for data.`
}
