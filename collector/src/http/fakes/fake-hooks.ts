import { createHmac } from 'node:crypto'
import { hashToken } from '../../lib/token-hash.ts'
import type { Hook } from '../../model/hook.ts'
import { createHttp } from '../server.ts'
import { createFakeDoors } from './fake-doors.ts'

export const secret = 'a-secret-of-the-hook'
export const shape = { secret, requestsPerMinute: 600, bodyBytesMax: 5000 }
export const alertsShape = { notify: false, resolveAfterMs: 1, alertsMax: 10 }
const tokens = [{ name: 'prometheus', scopes: ['hooks'] as const, hash: hashToken('h-secret') }]
export const hmac = (text: string, key = secret) => createHmac('sha256', key).update(text).digest('hex')

/** A server with these hooks. */
export function startHooks(...hooks: Hook[]) {
  const doors = createFakeDoors({ hooks, tokens })
  const { app } = createHttp(doors)
  const post = (path: string, body: string, headers: Record<string, string> = {}) => app.request(path, { method: 'POST', body, headers })
  return { doors, post, app }
}
