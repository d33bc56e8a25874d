import { expect, it } from 'vitest'
import { toFill, toLimit } from './MetricsEditor.tsx'
import { toOptions } from './NameCombobox.tsx'
import { withOperator } from './WhereEditor.tsx'

it('keeps what was chosen when a filter changes between one value and several', () => {
  expect(withOperator({ tag: 'host', op: '=', value: 'a' }, 'in')).toEqual({ tag: 'host', op: 'in', value: ['a'] })
  expect(withOperator({ tag: 'host', op: 'in', value: ['a', 'b'] }, '=~')).toEqual({ tag: 'host', op: '=~', value: 'a' })
  expect(withOperator({ tag: 'host', op: '=', value: '' }, 'in')).toEqual({ tag: 'host', op: 'in', value: [] })
})

it('fills with a number, with a word it knows, or not at all', () => {
  expect(['0', '-1.5', 'previous', 'null', 'x', ''].map(toFill)).toEqual([0, -1.5, 'previous', 'null', 'none', 'none'])
})

it('takes whole numbers above nothing as limits', () => {
  expect(['10', '0', '1.5', 'x', ''].map(toLimit)).toEqual([10, undefined, undefined, undefined, undefined])
})

it('offers names that contain what was typed, in natural order', () => {
  expect(toOptions(['cpu10', 'cpu2', 'mem', 'cpu2'], 'CPU').map((option) => option.value)).toEqual(['cpu2', 'cpu10'])
})
