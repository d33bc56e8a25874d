/**
 * Paths that teams know from their earlier systems, and where they lead. The method stays the same,
 * so do scopes and answers.
 */
export const aliases: Readonly<Record<string, string>> = {
  '/api/health': '/health',
  '/api/health/detailed': '/api/v1/health',
  '/api/health/readiness': '/readyz',
  '/api/health/liveness': '/livez',
  '/api/monitoring/metrics': '/metrics',
  '/api/monitoring/alerts': '/api/v1/alerts',
  '/api/monitoring/start': '/api/v1/monitoring/start',
  '/api/monitoring/stop': '/api/v1/monitoring/stop',
  '/api/monitoring/send-test-email': '/api/v1/receivers/email/test',
  '/api/deployments': '/api/v1/deployments',
  '/deployment': '/api/v1/deployments',
}

/** The path that routing sees for a request. */
export function routedPath(path: string): string {
  return aliases[path] ?? path
}
