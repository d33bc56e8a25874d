import { expect, it } from 'vitest'
import { compareNaturally } from './natural-order.ts'

it('orders numbers in names by their size', () => {
  expect(['db10', 'DB1', 'db2', 'api'].sort(compareNaturally)).toEqual(['api', 'DB1', 'db2', 'db10'])
})
