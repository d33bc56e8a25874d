import type { MiddlewareHandler } from 'hono'
import { AppError } from '../../lib/errors.ts'
import type { HttpEnv } from '../env.ts'

/** Whether a host name or address can only mean this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '')
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(?:\.\d{1,3}){3}$/.test(name)
}

/** `localhost:8484` → `localhost`; `[::1]:8484` → `[::1]`. */
function hostnameOf(authority: string): string {
  return authority.replace(/:\d+$/, '')
}

function authorityOf(url: string | undefined): string | undefined {
  return url && URL.canParse(url) ? new URL(url).host : undefined
}

/**
 * Keeps web pages from reaching a collector that asks for no token.
 *
 * A page on another site could post to 127.0.0.1, or have its own name resolve to 127.0.0.1 (DNS
 * rebinding). The first shows in `Origin`, the second in `Host`; programs send no `Origin`.
 */
export function webPageGuard(options: { open: boolean; externalUrl?: string }): MiddlewareHandler<HttpEnv> {
  const external = authorityOf(options.externalUrl)

  return async (c, next) => {
    const host = c.req.header('host') ?? ''
    if (options.open && host !== '' && host !== external && !isLoopback(hostnameOf(host))) {
      throw new AppError('FORBIDDEN', `Without tokens only this machine may ask, by a loopback name; the request named "${host}".`)
    }
    const origin = c.req.header('origin')
    const isSafe = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (origin !== undefined && !isSafe && !/^(?:bearer|token) /i.test(c.req.header('authorization') ?? '')) {
      const from = authorityOf(origin)
      if (from !== host && (from === undefined || from !== external)) {
        throw new AppError('FORBIDDEN', `A page of "${origin}" may not send requests here.`)
      }
    }
    await next()
  }
}
