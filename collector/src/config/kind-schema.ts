import { z } from 'zod'

type AnyKind = { readonly type: string; readonly schema: z.ZodType }

/**
 * One setting that may be any of a room's kinds, told apart by `type`; `shared` holds the keys that
 * every kind has here (a receiver's name, a component's interval).
 */
export function oneOfKinds<Shared extends z.ZodRawShape>(kinds: Readonly<Record<string, AnyKind>>, shared: Shared) {
  const options = Object.values(kinds).map((kind) => {
    if (!(kind.schema instanceof z.ZodObject)) throw new Error(`invariant broken: the schema of ${kind.type} is a plain object`)
    return kind.schema.safeExtend({ ...shared, type: z.literal(kind.type) }).strict()
  })
  return z.discriminatedUnion('type', options as [(typeof options)[number], ...typeof options])
}
