import { readFileSync } from 'node:fs'

const collector = process.env.TIDEWATCH_URL ?? 'http://localhost:8484'

/** What .env holds for the running services. */
export const secrets: Readonly<Record<string, string>> = Object.fromEntries(
  readFileSync(new URL('../.env', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? []
      return name ? [[name, value ?? '']] : []
    }),
)

/** Sends one value to the collector, as an application would. */
export async function push(measurement: string, fields: Record<string, number>): Promise<void> {
  const answer = await fetch(`${collector}/api/v1/push`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secrets.TIDEWATCH_WRITE_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ points: [{ measurement, tags: { source: 'e2e' }, fields }] }),
  })
  if (!answer.ok) throw new Error(`the collector answered ${answer.status}: ${await answer.text()}`)
}
