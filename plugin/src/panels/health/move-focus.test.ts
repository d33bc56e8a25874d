import { expect, it } from 'vitest'
import { toLines, toMatrixWidths } from './matrix-widths.ts'
import { moveFocus } from './move-focus.ts'

const grid = { rows: 30, columns: 3 }

it.each([
  ['ArrowDown', { row: 1, column: 1 }],
  ['ArrowUp', { row: 0, column: 1 }],
  ['ArrowRight', { row: 0, column: 2 }],
  ['PageDown', { row: 10, column: 1 }],
  ['Home', { row: 0, column: 0 }],
  ['End', { row: 0, column: 2 }],
])('%s moves within the grid', (key, to) => {
  expect(moveFocus({ row: 0, column: 1 }, key, grid)).toEqual(to)
})

it('goes to the corners with Control', () => {
  expect(moveFocus({ row: 3, column: 1 }, 'End', { ...grid, ctrl: true })).toEqual({ row: 29, column: 2 })
  expect(moveFocus({ row: 3, column: 1 }, 'Home', { ...grid, ctrl: true })).toEqual({ row: 0, column: 0 })
})

it('leaves other keys and empty grids alone', () => {
  expect(moveFocus({ row: 0, column: 0 }, 'Enter', grid)).toBeUndefined()
  expect(moveFocus({ row: 0, column: 0 }, 'ArrowDown', { rows: 0, columns: 0 })).toBeUndefined()
})

it('shares out the width, and scrolls sideways rather than cut words', () => {
  expect(toMatrixWidths({ width: 1014, columns: 2, rows: 9, labelWidth: 0 })).toEqual({ label: 280, cell: 360, table: 1000, perLine: 1 })
  expect(toMatrixWidths({ width: 300, columns: 5, rows: 9, labelWidth: 90 })).toEqual({ label: 90, cell: 116, table: 670, perLine: 1 })
})

it('puts components beside each other where there is one environment and room', () => {
  expect(toMatrixWidths({ width: 1014, columns: 1, rows: 9, labelWidth: 0 })).toMatchObject({ perLine: 2, table: 1000 })
  expect(toMatrixWidths({ width: 1014, columns: 1, rows: 1, labelWidth: 0 }).perLine).toBe(1)
  expect(toLines(['a', 'b', 'c'], 2)).toEqual([['a', 'b'], ['c']])
})
