import { expect, it } from 'vitest'
import { newFolder, type Spawned, spawnCollector, valuesOf } from './collector.ts'

const rounds = 3
const writers = ['w0', 'w1', 'w2', 'w3']
const pointsPerBatch = 100

/** Pushes batches until the collector is gone; `onAnswer` learns which points were acknowledged. */
async function pushUntilGone(url: string, writer: string, round: number, onAnswer: (ids: readonly number[]) => void): Promise<void> {
  for (let batch = 0; ; batch++) {
    const ids = Array.from({ length: pointsPerBatch }, (_, index) => (round * 100_000 + batch) * pointsPerBatch + index)
    const body = ids.map((id) => `crash,writer=${writer} id=${id}i ${1_700_000_000_000 + id}`).join('\n')
    let answer: Response
    try {
      answer = await fetch(`${url}/write?db=a&precision=ms`, { method: 'POST', body })
    } catch {
      return
    }
    if (answer.status !== 204) throw new Error(`answered ${answer.status}: ${await answer.text()}`)
    onAnswer(ids)
  }
}

async function storedPoints({ url }: Spawned): Promise<Set<string>> {
  const found = new Set<string>()
  for (const writer of writers) {
    const ids = await valuesOf(url, 'crash', 'id', [{ tag: 'writer', op: '=', value: writer }])
    for (const id of ids) found.add(`${writer}:${id}`)
  }
  return found
}

it('keeps every acknowledged point through kill -9 in the middle of pushes', async () => {
  const args = ['--data', newFolder(), '--store', 'duckdb']
  const acknowledged = new Set<string>()

  for (let round = 0; round < rounds; round++) {
    const collector = await spawnCollector(args)
    let answers = 0
    const push = (writer: string) =>
      pushUntilGone(collector.url, writer, round, (ids) => {
        for (const id of ids) acknowledged.add(`${writer}:${id}`)
        // The other writers have requests under way at this moment.
        if (++answers === 50 * (round + 1)) collector.child.kill('SIGKILL')
      })
    await Promise.all(writers.map(push))
    expect(await collector.exited).toBeNull()
  }

  const collector = await spawnCollector(args)
  const stored = await storedPoints(collector)
  collector.child.kill('SIGTERM')
  await collector.exited
  expect(acknowledged.size).toBeGreaterThanOrEqual(300 * pointsPerBatch)
  expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([])
})
