import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Peer } from './peers.ts'

/**
 * Sends each list of bodies over a connection of its own, one body after the other's answer.
 *
 * Speaks HTTP by hand: the client shares the processors with what is measured, and Node's own client
 * costs as much as some servers. Throws on any answer but 204.
 */
export async function sendAll(peer: Peer, lists: readonly (readonly Buffer[])[]): Promise<void> {
  const sockets = await Promise.all(lists.map(() => open(peer.url)))
  try {
    await Promise.all(lists.map((bodies, index) => sendOver(sockets[index] as Socket, peer, bodies)))
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  return socket
}

function sendOver(socket: Socket, { name, url, writePath }: Peer, bodies: readonly Buffer[]): Promise<void> {
  const head = `POST ${writePath} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nContent-Type: text/plain\r\nContent-Length: `
  return new Promise((resolve, reject) => {
    let sent = 0
    let answer = ''
    const next = () => {
      const body = bodies[sent++]
      if (!body) return resolve()
      socket.cork()
      socket.write(`${head}${body.length}\r\n\r\n`, 'latin1')
      socket.write(body)
      socket.uncork()
    }
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (!answer.includes('\r\n\r\n')) return
      if (!answer.startsWith('HTTP/1.1 204')) return reject(new Error(`${name} answered: ${answer.slice(0, 500)}`))
      answer = ''
      next()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`${name} closed the connection`)))
    next()
  })
}
