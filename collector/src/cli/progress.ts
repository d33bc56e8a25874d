import { SingleBar } from 'cli-progress'

/** A growing figure for people: a bar on a terminal, a line now and then elsewhere. On standard error. */
export type Progress = { add(amount: number): void; end(): void }

const lineEveryMs = 5000

/** Without a total the figure grows without an end that is known. */
export function createProgress(what: string, unit: string, total: number | undefined): Progress {
  if (!process.stderr.isTTY) return createLines(what, unit, total)
  const format =
    total === undefined
      ? `${what} {value} ${unit}, {duration_formatted}`
      : `${what} {bar} {percentage} %, {value} of {total} ${unit}, {eta_formatted} left`
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, etaBuffer: 50 })
  bar.start(total ?? 0, 0)
  let value = 0
  return {
    add(amount) {
      value += amount
      bar.update(Math.round(value))
    },
    end: () => bar.stop(),
  }
}

function createLines(what: string, unit: string, total: number | undefined): Progress {
  let value = 0
  let toldAt = Date.now()
  const tell = () => process.stderr.write(`${what} ${Math.round(value)}${total === undefined ? '' : ` of ${total}`} ${unit}\n`)
  return {
    add(amount) {
      value += amount
      if (Date.now() - toldAt < lineEveryMs) return
      toldAt = Date.now()
      tell()
    },
    end: tell,
  }
}
