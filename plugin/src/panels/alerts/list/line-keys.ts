import type { PanelAction } from '../actions/use-alert-actions.ts'
import type { AlertGroup, AlertRow, ListItem } from '../view-model.ts'

type Key = { key: string; shiftKey: boolean; ctrlKey: boolean; metaKey: boolean; altKey: boolean }
type Deed = [action: PanelAction, row: AlertRow, others: readonly AlertRow[]]

const acknowledgedAtOnceMax = 500

/** What a letter does on the line that has the focus, or with Shift on its whole group; undefined when nothing. */
export function toDeed(items: readonly ListItem[], from: string | undefined, pressed: Key): Deed | undefined {
  if (from === undefined || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return undefined
  const at = items.findIndex((item) => item.key === from)
  const item = items[at]
  if (item?.kind !== 'alert') return undefined
  const key = pressed.key.toLowerCase()
  if (pressed.shiftKey) {
    const group = items[headingOf(items, at)]
    if (group?.kind !== 'group') return undefined
    return key === 'a' ? toAcknowledgement(group) : key === 's' ? toSilence(group) : undefined
  }
  const { row } = item
  if (row.state === 'resolved') return undefined
  // Nobody can give back what nobody has.
  if (key === 'u') return row.acknowledgedBy === '' ? undefined : ['unack', row, []]
  const action = ({ a: 'ack', s: 'silence', r: 'resolve' } as const)[key as 'a' | 's' | 'r']
  return action && [action, row, []]
}

/** To acknowledge those of a group that nobody has. One request takes them all, but giving them back is one for each, so not thousands. */
export function toAcknowledgement({ open }: AlertGroup): Deed | undefined {
  const [first, ...others] = open
  return first && open.length <= acknowledgedAtOnceMax ? ['ack', first, others] : undefined
}

/** To silence those of a group that are not. */
export function toSilence({ audible }: AlertGroup): Deed | undefined {
  const [first, ...others] = audible
  return first && ['silence', first, others]
}

/** The place of the alert a key leads to, stepping over headings. */
export function nextAlert(items: readonly ListItem[], from: string | undefined, key: string): number | undefined {
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
  if (step === 0 || from === undefined) return undefined
  let at = items.findIndex((item) => item.key === from) + step
  while (items[at]?.kind === 'group') at += step
  return items[at] === undefined ? undefined : at
}

/** The place of the heading that a line stands below; -1 when nothing is grouped. */
export function headingOf(items: readonly ListItem[], line: number): number {
  if (items[0]?.kind !== 'group') return -1
  let at = line
  while (at > 0 && items[at]?.kind !== 'group') at -= 1
  return at
}
