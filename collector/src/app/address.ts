import { hostname } from 'node:os'
import type { Config } from '../config/config.ts'
import { isLoopback } from '../http/middleware/loopback.ts'

/** Where people find this collector when nobody said so: its host's name, for an address such as 0.0.0.0 leads nowhere. */
export function addressOf({ externalUrl, host, port }: Config['server']): string {
  return externalUrl ?? `http://${isLoopback(host) ? host : hostname()}:${port}`
}
