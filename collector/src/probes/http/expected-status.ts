import { z } from 'zod'

const status = z.int().min(100).max(599)

const range = z
  .string()
  .regex(/^[1-5]\d\d(?:-[1-5]\d\d)?$/, 'must be a status such as 204 or a range such as 200-399')
  .refine((text) => {
    const [from = '', to = from] = text.split('-')
    return from <= to
  }, 'the range must begin with its lower end')

const one = z.union([status, range])

/** A status, a range, or a list of them: `204`, `200-399`, `[200, 301, 400-404]`. */
export const expectedStatusSchema = z.union([one, z.array(one).min(1).max(100)])

export type ExpectedStatus = z.output<typeof expectedStatusSchema>

export function isExpectedStatus(expected: ExpectedStatus, found: number): boolean {
  return [expected].flat().some((entry) => {
    const [from = 0, to = from] = String(entry).split('-').map(Number)
    return from <= found && found <= to
  })
}

/** `200–399`, `200 or 301`, as it stands in a message. */
export function describeExpectedStatus(expected: ExpectedStatus): string {
  return [expected]
    .flat()
    .map((entry) => String(entry).replace('-', '–'))
    .join(' or ')
}
