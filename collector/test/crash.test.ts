import { describe, expect, it } from 'vitest'
import { newFolder, spawnCollector, valuesOf } from './collector.ts'

/** Pushes batches of 100 points one after the other until the collector is gone; gives the numbers acknowledged. */
async function pushUntilGone(url: string, writer: number, acknowledged: Set<string>, onAnswer: () => void): Promise<void> {
  for (let batch = 0; ; batch++) {
    const ids = Array.from({ length: 100 }, (_, index) => batch * 100 + index)
    const body = ids.map((id) => `crash,writer=w${writer} id=${id}i ${1_700_000_000_000 + id}`).join('\n')
    try {
      const answer = await fetch(`${url}/write?db=a&precision=ms`, { method: 'POST', body })
      if (answer.status !== 204) throw new Error(`answered ${answer.status}: ${await answer.text()}`)
    } catch (thrown) {
      if (thrown instanceof TypeError) return
      throw thrown
    }
    for (const id of ids) acknowledged.add(`w${writer}:${id}`)
    onAnswer()
  }
}

describe('kill -9 while points are pushed', () => {
  it('loses none of the points that were acknowledged', async () => {
    const dataDir = newFolder()
    const args = ['--data', dataDir, '--store', 'duckdb']
    const first = await spawnCollector(args)
    const acknowledged = new Set<string>()
    let answers = 0
    const writers = [0, 1, 2, 3].map((writer) =>
      pushUntilGone(first.url, writer, acknowledged, () => {
        if (++answers === 200) first.child.kill('SIGKILL')
      }),
    )
    await Promise.all(writers)
    await first.exited
    expect(acknowledged.size).toBeGreaterThanOrEqual(20_000)

    const second = await spawnCollector(args)
    const found = new Set<string>()
    for (const writer of [0, 1, 2, 3]) {
      const ids = await valuesOf(second.url, 'crash', 'id', [{ tag: 'writer', op: '=', value: `w${writer}` }])
      for (const id of ids) found.add(`w${writer}:${id}`)
    }
    second.child.kill('SIGTERM')
    await second.exited
    expect([...acknowledged].filter((id) => !found.has(id))).toEqual([])
  }, 60_000)
})
