import { describe, expect, it } from 'vitest'
import { newFolder, spawnCollector, valuesOf } from './collector.ts'

describe('SIGTERM', () => {
  it('answers what was under way, keeps it, and ends with 0', async () => {
    const dataDir = newFolder()
    const args = ['--data', dataDir, '--store', 'duckdb']
    const first = await spawnCollector(args)
    const stream = await fetch(`${first.url}/api/v1/stream`)
    const reader = stream.body?.getReader()
    await reader?.read()

    const writes = Array.from({ length: 20 }, (_, index) =>
      fetch(`${first.url}/write?db=a&precision=ms`, {
        method: 'POST',
        body: `drain,n=${index} v=${index}i ${1_700_000_000_000 + index}`,
      }).then(
        (answer) => (answer.status === 204 ? index : undefined),
        () => undefined,
      ),
    )
    const acknowledged = Promise.all(writes)
    await writes[0]
    // Twice, as Ctrl-C comes from a terminal and from npm.
    first.child.kill('SIGTERM')
    first.child.kill('SIGINT')
    expect(await first.exited).toBe(0)
    const kept = (await acknowledged).filter((index) => index !== undefined)
    expect(kept.length).toBeGreaterThan(0)

    const second = await spawnCollector(args)
    const found = (await valuesOf(second.url, 'drain', 'v')).map(Number)
    second.child.kill('SIGTERM')
    await second.exited
    expect(kept.filter((index) => !found.includes(index as number))).toEqual([])
  }, 60_000)
})
