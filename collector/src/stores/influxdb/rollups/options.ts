import { z } from 'zod'
import { durationSchema } from '../../../lib/duration.ts'
import { type Level, type LevelName, levels } from '../../shared/rollups/levels.ts'

const hourMs = 3_600_000
const keep = durationSchema.refine((ms) => ms >= hourMs, 'must be an hour or more')

const rollupsShape = z.strictObject({
  policyPrefix: z
    .string()
    .regex(/^\w{1,64}$/, 'has letters, digits and underscores, 64 at most')
    .default('tidewatch_')
    .describe('Begins the names of the retention policies that hold the windows: tidewatch_1m and so on. They are created when missing.'),
  retention: z
    .strictObject({
      '1m': keep.prefault('14d'),
      '5m': keep.prefault('90d'),
      '15m': keep.prefault('180d'),
      '1h': keep.prefault('365d'),
      '1d': keep.optional(),
    })
    .prefault({})
    .describe('How long windows of each width are kept; 1d left out: for ever.'),
  grace: durationSchema.prefault('2m').describe('How long points may come late before their window is made; later ones make it anew.'),
  backfill: durationSchema.prefault('7d').describe('How far back windows are made when the option is new.'),
})

export const rollupsSchema = z
  .union([z.boolean(), rollupsShape])
  .default(false)
  .describe('Windows of each numeric field, made in the background, from which wide queries are answered; true takes the defaults.')

export type RollupOptions = {
  readonly policyPrefix: string
  readonly retention: Readonly<Partial<Record<LevelName, number | undefined>>>
  readonly grace: number
  readonly backfill: number
}

export function toRollupOptions(given: z.output<typeof rollupsSchema>): RollupOptions | undefined {
  if (given === false) return undefined
  return given === true ? rollupsShape.parse({}) : given
}

export const policyOf = ({ policyPrefix }: RollupOptions, { name }: Level) => `${policyPrefix}${name}`

export function isPolicyOf(given: z.output<typeof rollupsSchema>, policy: string | undefined): boolean {
  const options = toRollupOptions(given)
  return options !== undefined && levels.some((level) => policyOf(options, level) === policy)
}
