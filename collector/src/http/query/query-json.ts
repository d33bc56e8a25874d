import type { QueryResponse, QueryResult } from '../../contract/query.ts'
import type { Frame, FrameField } from '../../model/query.ts'

/** Values that are written in one turn of the event loop: some milliseconds' work. */
const valuesPerTurn = 10_000

/**
 * The answer to queries as JSON: small ones as one text, larger ones piece by piece, so that neither
 * the event loop nor the memory carries all of it at once. A client that leaves ends the writing.
 */
export function toQueryJson(response: QueryResponse): string | ReadableStream<Uint8Array> {
  const pieces = piecesOf(response)
  return countValues(response) <= valuesPerTurn ? [...pieces].map(({ text }) => text).join('') : toStream(pieces)
}

type Piece = { readonly text: string; readonly values: number }

function countValues({ results }: QueryResponse): number {
  let count = 0
  for (const { frames = [] } of Object.values(results)) {
    for (const { fields } of frames) for (const { values } of fields) count += values.length
  }
  return count
}

function toStream(pieces: Generator<Piece>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve))
      let text = ''
      let left = valuesPerTurn
      while (left > 0) {
        const { value, done } = pieces.next()
        if (done) break
        text += value.text
        left -= value.values
      }
      if (text === '') controller.close()
      else controller.enqueue(encoder.encode(text))
    },
    cancel: () => void pieces.return(undefined),
  })
}

function* piecesOf({ results }: QueryResponse): Generator<Piece> {
  yield plain('{"results":{')
  const times = createTimes()
  for (const [i, [refId, result]] of Object.entries(results).entries()) {
    yield plain(`${i === 0 ? '' : ','}${JSON.stringify(refId)}:`)
    yield* piecesOfResult(result, times)
  }
  yield plain('}}')
}

function* piecesOfResult(result: QueryResult, times: Times): Generator<Piece> {
  if (result.error) return yield plain(JSON.stringify(result))
  yield plain('{"frames":[')
  for (const [i, frame] of result.frames.entries()) {
    if (i > 0) yield plain(',')
    yield* piecesOfFrame(frame, times)
  }
  yield plain(']}')
}

function* piecesOfFrame({ fields, ...head }: Frame, times: Times): Generator<Piece> {
  yield plain(`${open(head)},"fields":[`)
  for (const [i, field] of fields.entries()) {
    if (i > 0) yield plain(',')
    yield* piecesOfField(field, times)
  }
  yield plain(']}')
}

function* piecesOfField({ values, ...head }: FrameField, times: Times): Generator<Piece> {
  yield plain(`${open(head)},"values":[`)
  const known = head.type === 'time' && values.length <= valuesPerTurn
  if (known) yield { text: times(values), values: values.length / 10 }
  for (let begin = 0; !known && begin < values.length; begin += valuesPerTurn) {
    const some = values.slice(begin, begin + valuesPerTurn)
    yield { text: `${begin > 0 ? ',' : ''}${listed(some)}`, values: some.length }
  }
  yield plain(']}')
}

type Times = (values: readonly unknown[]) => string

/** Frames of one query mostly share their times: they are written once. */
function createTimes(): Times {
  let before: readonly unknown[] | undefined
  let text = ''
  return (values) => {
    if (values === before) return text
    before = values
    text = listed(values)
    return text
  }
}

const plain = (text: string): Piece => ({ text, values: 1 })
/** An object of at least one property, without its end. */
const open = (head: object) => JSON.stringify(head).slice(0, -1)
const listed = (values: readonly unknown[]) => JSON.stringify(values).slice(1, -1)
