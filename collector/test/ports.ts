import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Linux hands out ports from 32768 on by itself, to servers on port 0 and to whoever connects. A process that
 * must be told its port, or comes back at it, would now and then find it taken by one of those; below, nobody
 * takes a port by chance.
 */
const [first, end] = [10_000, 32_000]
/** Each worker of a test run looks in a part of its own. */
const parts = 16
const partSize = Math.floor((end - first) / parts)
const partStart = first + (Number(process.env.VITEST_POOL_ID ?? 0) % parts) * partSize
let next = process.pid % partSize

/** Ports that nothing listens on, each handed out once. */
export async function findFreePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  for (let looked = 0; ports.length < count; looked++) {
    if (looked === partSize) throw new Error(`from ${partStart} on, ${partSize} ports are all taken`)
    const port = partStart + (next++ % partSize)
    if (await isFree(port)) ports.push(port)
  }
  return ports
}

export async function findFreePort(): Promise<number> {
  const [port] = await findFreePorts(1)
  return port as number
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  await once(server.close(), 'close')
  return true
}
