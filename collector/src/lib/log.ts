import { type Logger, pino } from 'pino'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Structured logs on standard error, one JSON object a line. */
export function createLog(level: LogLevel): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['token', 'password', 'authorization', '*.token', '*.password'],
    },
    pino.destination({ dest: 2, sync: true }),
  )
}

/** Says nothing: for tests. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }
