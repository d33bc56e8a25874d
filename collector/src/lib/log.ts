import { type Logger, pino } from 'pino'
import { AppError, messageOf } from './errors.ts'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Structured logs on standard error, one JSON object a line. */
export function createLog(level: LogLevel): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      ...(level !== 'debug' && { serializers: { err: toLogged } }),
      redact: ['token', 'password', 'authorization', '*.token', '*.password'],
    },
    pino.destination({ dest: 2, sync: true }),
  )
}

/** Says nothing: for tests. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * What is told of an error: of one that is expected its sentence, since a store that is down would
 * otherwise fill the log with stacks. Others are faults of the program, and keep theirs.
 */
export function toLogged(thrown: Error): object {
  if (!(thrown instanceof AppError) || thrown.code === 'INTERNAL') return pino.stdSerializers.err(thrown)
  const { code, message, cause } = thrown
  const because = cause === undefined ? '' : messageOf(cause)
  return { type: 'AppError', code, message, ...(message.includes(because) ? {} : { cause: because }) }
}
