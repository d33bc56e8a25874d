import { cleanup, fireEvent, render, screen, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { toFrameOfRows } from '../../../../test/frames.ts'
import type { OnAct } from '../actions/use-alert-actions.ts'
import { everything } from '../filter/filter.ts'
import { createRowReader } from '../row-reader.ts'
import { type AlertFilter, toItems } from '../view-model.ts'
import { AlertList } from './AlertList.tsx'

afterEach(cleanup)

const rowsOf = (rule: string, count: number, severity: string) =>
  Array.from({ length: count }, (_none, index) => ({ id: `${rule}${index}`, rule, severity, state: 'firing', labels: '{}', startsAt: 1 }))
const frame = toFrameOfRows([...rowsOf('Down', 3, 'critical'), ...rowsOf('Slow', 400, 'high'), ...rowsOf('Queue', 400, 'info')])
const items = toItems(createRowReader()([frame]), 'rule')

const listOf = (
  list = items,
  { width = 1200, filter = everything, onAct }: { width?: number; filter?: AlertFilter; onAct?: OnAct } = {},
) => (
  <AlertList
    items={list}
    now={1000}
    width={width}
    labels=""
    formatValue={String}
    filter={filter}
    inert={false}
    selectedKey={undefined}
    onSelect={() => undefined}
    onAct={onAct}
    mayAct={onAct !== undefined}
  />
)
const scrollTo = (top: number) => {
  const list = screen.getByRole('list')
  fireEvent.scroll(list.parentElement as Element, { target: { scrollTop: top } })
  return within(list).getAllByRole('listitem')
}

it('keeps the heading of what is in view, with its count and severities, wherever one scrolls to', () => {
  render(listOf())
  expect(scrollTo(0)[0]?.textContent).toBe('Down33 critical')
  expect(scrollTo(10_000)[0]?.textContent).toBe('Slow400400 high')
  expect(scrollTo(30_000)[0]?.textContent).toBe('Queue400400 info')
  expect(scrollTo(10_000)[0]?.textContent).toBe('Slow400400 high')
})

it('fills the whole height with what it draws and leaves out, heading or not', () => {
  render(listOf())
  const heights = [0, 100, 500, 10_000, 22_500, 30_000, 99_999].map((top) => {
    scrollTo(top)
    const all = [...screen.getByRole('list').children] as HTMLElement[]
    return all.reduce((sum, { style }) => sum + Number.parseFloat(style.height), 0)
  })
  expect(new Set(heights)).toEqual(new Set([803 * 56 + 3 * 30]))
})

it('begins anew at its top when the filter changes, and not because the data do', () => {
  const { rerender } = render(listOf())
  const scrolledTo = vi.fn()
  Object.assign(screen.getByRole('list').parentElement as Element, { scrollTo: scrolledTo })
  rerender(listOf([...items]))
  expect(scrolledTo).not.toHaveBeenCalled()
  rerender(listOf(items, { filter: { ...everything, text: 'slow' } }))
  expect(scrolledTo.mock.calls).toEqual([[{ top: 0 }]])
})

it('says in a narrow heading how bad a group is, and keeps its buttons by shape and name', () => {
  const mixed = toItems(createRowReader()([toFrameOfRows([...rowsOf('Down', 2, 'critical'), ...rowsOf('Slow', 2, 'high')])]), 'state')
  render(listOf(mixed, { width: 360, onAct: () => undefined }))
  const heading = screen.getAllByRole('listitem')[0] as HTMLElement
  expect(heading.textContent).toBe('Firing42 critical2 high')
  expect(within(heading).getByRole('button', { name: 'Silence all 4 of Firing' }).querySelector('svg')).toBeTruthy()
})
