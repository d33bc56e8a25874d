import { expect, it } from 'vitest'
import { toFrameOfRows } from '../../../../test/frames.ts'
import { createRowReader } from '../row-reader.ts'
import { toItems } from '../view-model.ts'
import { nextAlert, toDeed } from './line-keys.ts'

const itemsOf = (count: number, ruleOf = (_at: number) => 'Down') => {
  const rows = Array.from({ length: count }, (_none, at) => ({
    id: `a${at}`,
    rule: ruleOf(at),
    state: 'firing',
    labels: '{}',
    startsAt: 1,
  }))
  return toItems(createRowReader()([toFrameOfRows(rows)]), 'rule')
}
const pressed = (key: string) => ({ key, shiftKey: true, ctrlKey: false, metaKey: false, altKey: false })
const deedOn = (count: number, key: string) => {
  const deed = toDeed(itemsOf(count), 'a0 1', pressed(key))
  return deed && [deed[0], 1 + deed[2].length]
}

it('takes a group of five hundred, and none that is larger', () => {
  expect(deedOn(500, 'A')).toEqual(['ack', 500])
  expect(deedOn(501, 'A')).toBeUndefined()
})

it('silences a group however large it is: that is one silence', () => {
  expect(deedOn(501, 'S')).toEqual(['silence', 501])
})

it('does nothing by a letter that means one alert only', () => {
  expect(deedOn(2, 'R')).toBeUndefined()
  expect(deedOn(2, 'U')).toBeUndefined()
})

it('moves with the arrow keys and steps over headings', () => {
  const items = itemsOf(2, (at) => `Rule ${at}`)
  expect(items.map((item) => item.kind)).toEqual(['group', 'alert', 'group', 'alert'])
  expect(nextAlert(items, items[1]?.key, 'ArrowDown')).toBe(3)
  expect(nextAlert(items, items[3]?.key, 'ArrowUp')).toBe(1)
  expect(nextAlert(items, items[3]?.key, 'ArrowDown')).toBeUndefined()
  expect(nextAlert(items, items[1]?.key, 'a')).toBeUndefined()
})
