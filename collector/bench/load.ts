import { setTimeout as wait } from 'node:timers/promises'
import type { Range } from './dashboard-queries.ts'
import { untilIdle } from './meter.ts'
import type { Peer } from './peers.ts'
import { sendAll } from './send.ts'
import { createStream, seriesCount, stepMs } from './workload.ts'

const linesPerBody = 5000
const bodiesAtOnce = 20

/** Gives every peer the same bytes, a stretch at a time, and tells how many points they are. */
export async function load(peers: readonly Peer[], { fromMs, toMs }: Range, jitterMs = 0): Promise<number> {
  const points = ((toMs - fromMs) / stepMs) * seriesCount
  const stream = createStream({ first: 0, count: seriesCount, fromMs, jitterMs })
  for (let left = points; left > 0; ) {
    const bodies: Buffer[] = []
    for (let i = 0; i < bodiesAtOnce && left > 0; i++) {
      const lines = Math.min(linesPerBody, left)
      bodies.push(stream.take(lines))
      left -= lines
    }
    for (const peer of peers) await sendAll(peer, [bodies])
    process.stdout.write(`loaded ${points - left} of ${points} points\r`)
  }
  return points
}

/**
 * Waits until each peer has made of the points what it makes of them in the background. `sealed` has each do now what it
 * does with days that have ended: Tidewatch seals, VictoriaMetrics merges, InfluxDB compacts by itself.
 */
export async function settle(peers: readonly Peer[], { sealed }: { sealed: boolean }): Promise<void> {
  // It begins some seconds after the last point.
  await wait(20_000)
  await untilIdle(peers, 60)
  for (const { name, url } of peers) {
    if (name === 'victoriametrics') await get(`${url}/internal/force_flush`)
    if (name === 'victoriametrics' && sealed) await get(`${url}/internal/force_merge`)
    if (name === 'tidewatch' && sealed) await get(`${url}/api/v1/store/seal`, 'POST')
  }
  await wait(2000)
  await untilIdle(peers, 60)
}

async function get(url: string, method = 'GET'): Promise<void> {
  const answer = await fetch(url, { method })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  await answer.arrayBuffer()
}
