import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { componentShape } from './component.ts'

const schema = z.strictObject(componentShape)

describe('the settings of a component', () => {
  it('need a name only', () => {
    expect(schema.parse({ name: 'api' })).toEqual({
      name: 'api',
      environment: 'production',
      critical: true,
      interval: 30_000,
      timeout: 10_000,
      failureThreshold: 3,
      successThreshold: 2,
      maintenance: [],
    })
  })

  it.each([{ interval: '10ms' }, { timeout: '0' }, { failureThreshold: 0 }, { link: 'javascript:alert(1)' }, { name: '' }])(
    'are refused with %j',
    (wrong) => {
      expect(schema.safeParse({ name: 'api', ...wrong }).success).toBe(false)
    },
  )
})
