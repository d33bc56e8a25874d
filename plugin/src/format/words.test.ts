import { expect, it } from 'vitest'
import { counted, toShortName } from './words.ts'

it('counts one thing, several, and thousands', () => {
  expect([0, 1, 2, 2500].map((amount) => counted(amount, 'alert'))).toEqual(['0 alerts', '1 alert', '2 alerts', '2,500 alerts'])
})

it('shortens a name that would fill a dialog, and cuts no letter in two', () => {
  expect(toShortName('Disk full')).toBe('Disk full')
  expect(toShortName('🔥'.repeat(61))).toBe(`${'🔥'.repeat(59)}…`)
  expect(toShortName('🔥'.repeat(60))).toBe('🔥'.repeat(60))
})
