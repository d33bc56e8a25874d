import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from '../env.ts'

/** Answers of the API are data: nothing in them may run, be framed or be guessed to be a page. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'"

/** The viewer: our own scripts only. Grafana's styles are written by script, so styles may be inline. */
export const pagePolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join('; ')

export const securityHeaders: MiddlewareHandler<HttpEnv> = async (c, next) => {
  c.header('X-Content-Type-Options', 'nosniff')
  c.header('Referrer-Policy', 'no-referrer')
  c.header('Cross-Origin-Resource-Policy', 'same-origin')
  c.header('Content-Security-Policy', dataPolicy)
  await next()
}
