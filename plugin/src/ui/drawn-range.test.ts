import { dateTime } from '@grafana/data'
import { expect, it } from 'vitest'
import { toDrawnRange } from './drawn-range.ts'

const range = (rawTo: string) => ({ from: dateTime(1000), to: dateTime(5000), raw: { from: 'now-4s', to: rawTo } })

it('moves a range that ends now along with its data, and no other', () => {
  expect(toDrawnRange(range('now'), 7000)).toEqual({ from: 3000, to: 7000 })
  expect(toDrawnRange(range('now'), 4000)).toEqual({ from: 1000, to: 5000 })
  expect(toDrawnRange(range('now-1h'), 7000)).toEqual({ from: 1000, to: 5000 })
})
