import { expect, it } from 'vitest'
import { AppError } from './errors.ts'
import { toLogged } from './log.ts'

it('tells of an expected error in its sentence, without a stack', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:8086')
  expect(
    toLogged(new AppError('STORE_UNAVAILABLE', 'influxdb cannot be reached: connect ECONNREFUSED 127.0.0.1:8086.', { cause: refused })),
  ).toEqual({
    type: 'AppError',
    code: 'STORE_UNAVAILABLE',
    message: 'influxdb cannot be reached: connect ECONNREFUSED 127.0.0.1:8086.',
  })
  expect(toLogged(new AppError('STORE_CORRUPT', 'state.sqlite is damaged.', { cause: refused }))).toMatchObject({ cause: refused.message })
})

it.each([new Error('x is undefined'), new AppError('INTERNAL', 'a dashboard is not JSON')])('keeps the stack of a fault, %s', (fault) => {
  expect(toLogged(fault)).toMatchObject({ message: fault.message, stack: expect.stringContaining('log.test.ts') })
})
