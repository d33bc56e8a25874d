import type { Log } from '../../../lib/log.ts'

/** A log that a test can read: `level: message`, one line each. */
export function createFakeLog(): Log & { readonly lines: string[] } {
  const lines: string[] = []
  const at =
    (level: string) =>
    (first: unknown, message?: string): void =>
      void lines.push(`${level}: ${message ?? String(first)}`)
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } as Log & { readonly lines: string[] }
}
