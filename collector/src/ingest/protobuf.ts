import protobuf from 'protobufjs/light.js'
import { AppError, messageOf } from '../lib/errors.ts'

/** Messages by name; each field as protobuf writes it without the name: `repeated double 7`. */
export type MessageFields = Readonly<Record<string, Readonly<Record<string, string>>>>

export type Messages = {
  /**
   * The fields that were sent, and only those: 64-bit numbers are bigints, unknown fields are left
   * out. Throws `BAD_REQUEST` for bytes that are no such message.
   */
  decode(name: string, bytes: Uint8Array): object
  encode(name: string, message: object): Uint8Array
}

/** Reads and writes protobuf messages, given what of them is of interest. */
export function createMessages(fields: MessageFields): Messages {
  // As proto2, whose fields know whether they were sent: in proto3, a gauge of 0 would look like none.
  const nested = Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, { edition: 'proto2', fields: toFields(of) }]))
  const root = protobuf.Root.fromJSON({ nested }).resolveAll()
  return {
    decode(name, bytes) {
      const type = root.lookupType(name)
      try {
        countValues(type, protobuf.Reader.create(bytes), bytes.length, { values: 0, depth: 0 })
        return type.toObject(type.decode(bytes), { longs: BigInt })
      } catch (thrown) {
        if (thrown instanceof AppError) throw thrown
        throw new AppError('BAD_REQUEST', `The body is no ${name} message of protobuf: ${messageOf(thrown)}.`, { cause: thrown })
      }
    },
    encode(name, message) {
      const type = root.lookupType(name)
      return type.encode(type.fromObject(message)).finish()
    },
  }
}

/** Most messages and numbers in one body: a few bytes of it can be an object of hundreds. */
const valuesMax = 1_000_000
const depthMax = 100

/** Refuses what would unpack to more than a request may hold, before any of it is made. */
function countValues(type: protobuf.Type, reader: protobuf.Reader, end: number, count: { values: number; depth: number }): void {
  if (++count.depth > depthMax) throw new Error(`it is nested more than ${depthMax} deep`)
  while (reader.pos < end) {
    const tag = reader.uint32()
    const field = type.fieldsById[tag >>> 3]
    count.values++
    if (field === undefined || (tag & 7) !== lengthDelimited) reader.skipType(tag & 7)
    else {
      const length = reader.uint32()
      const start = reader.pos
      if (field.resolvedType instanceof protobuf.Type) countValues(field.resolvedType, reader, start + length, count)
      else count.values += packedValues(field.type, length)
      reader.pos = start
      reader.skip(length)
    }
    if (count.values > valuesMax) {
      throw new AppError('INGEST_BODY_TOO_LARGE', `The body holds more than ${valuesMax} values; send it in smaller parts.`)
    }
  }
  count.depth--
}

const lengthDelimited = 2

/** How many numbers fit into a packed field; a text is none. */
function packedValues(type: string, length: number): number {
  if (type === 'string' || type === 'bytes') return 0
  return /^(?:double|s?fixed64)$/.test(type) ? length / 8 : length
}

function toFields(of: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(of).map(([name, text]) => {
      const words = text.split(' ')
      const [type = '', id] = words.slice(-2)
      return [name, { type, id: Number(id), ...(words.length === 3 && { rule: words[0] }) }]
    }),
  )
}
