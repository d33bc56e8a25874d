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
  const root = protobuf.Root.fromJSON({ nested })
  return {
    decode(name, bytes) {
      const type = root.lookupType(name)
      try {
        return type.toObject(type.decode(bytes), { longs: BigInt })
      } catch (thrown) {
        throw new AppError('BAD_REQUEST', `The body is no ${name} message of protobuf: ${messageOf(thrown)}.`, { cause: thrown })
      }
    },
    encode(name, message) {
      const type = root.lookupType(name)
      return type.encode(type.fromObject(message)).finish()
    },
  }
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
