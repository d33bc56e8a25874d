import { z } from 'zod'

type AnyKind = { readonly type: string; readonly schema: z.ZodType }
type Kinds = Readonly<Record<string, AnyKind>>

/** The shared keys, typed; the kind's own options are known to the kind alone. */
type OfKind<Shared extends z.ZodRawShape> = z.output<z.ZodObject<Shared>> & { readonly type: string }

/**
 * One setting that may be any of a room's kinds, told apart by `type`; `shared` holds the keys that
 * every kind has here: a receiver's name, a component's interval.
 */
export function oneOfKinds<Shared extends z.ZodRawShape>(kinds: Kinds, shared: Shared): z.ZodType<OfKind<Shared>, unknown> {
  const [first, ...others] = Object.values(kinds).map((kind) =>
    objectOf(kind)
      .safeExtend({ ...shared, type: z.literal(kind.type) })
      .strict(),
  )
  if (!first) throw new Error('invariant broken: a room has at least one kind')
  return z.discriminatedUnion('type', [first, ...others]) as unknown as z.ZodType<OfKind<Shared>, unknown>
}

/** The options that the kind of an entry knows. */
export function keysOfKinds(kinds: Kinds): (entry: Readonly<Record<string, unknown>>) => readonly string[] {
  return (entry) => {
    const kind = Object.values(kinds).find(({ type }) => type === entry.type)
    return kind ? Object.keys(objectOf(kind).shape) : []
  }
}

function objectOf(kind: AnyKind): z.ZodObject {
  if (kind.schema instanceof z.ZodObject) return kind.schema
  throw new Error(`invariant broken: the schema of ${kind.type} is not an object, so nothing can stand beside its options`)
}
