import { durationSchema } from '../../lib/duration.ts'

/** How long a try may take. Nothing answers in no time, and one that takes minutes keeps a place that others wait for. */
export const timeoutOption = (otherwise: string) =>
  durationSchema.refine((ms) => ms >= 100 && ms <= 300_000, 'must be between 100ms and 5m').prefault(otherwise)
