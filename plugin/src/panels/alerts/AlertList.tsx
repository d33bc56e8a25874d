import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, useStyles2 } from '@grafana/ui'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from 'react'
import { useRowWindow } from '../../ui/use-row-window.ts'
import { AlertLine } from './AlertLine.tsx'
import { noClearCause } from './cause-facts.ts'
import { toSharedLabels } from './shown-labels.ts'
import type { ValueFormat } from './shown-value.ts'
import type { OnAct, PanelAction } from './use-alert-actions.ts'
import type { AlertFilter, AlertRow, ListItem } from './view-model.ts'

type Props = {
  items: readonly ListItem[]
  now: number
  width: number
  labels: string
  formatValue: ValueFormat
  /** When it changes, the list begins anew at its top. */
  filter: AlertFilter
  /** Something covers it. */
  inert: boolean
  selectedKey: string | undefined
  onSelect: (key: string | undefined) => void
  onAct: OnAct | undefined
  mayAct: boolean
}

const groupHeight = 30

/** All alerts that pass the filter; only those in view are drawn. Arrow keys move, Enter opens, Escape closes; letters act. */
export function AlertList({ items, now, width, labels, formatValue, filter, inert, selectedKey, onSelect, onAct, mayAct }: Props) {
  const styles = useStyles2(getStyles)
  const narrow = width < 640
  const stacked = width < 900
  const rowHeight = useCallback((row: number) => heightOf(items[row], { narrow, stacked }), [items, narrow, stacked])
  const { window, scrollRef, onScroll, reveal } = useRowWindow({ count: items.length, rowHeight })
  const shared = useMemo(() => toSharedLabels(items.flatMap((item) => (item.kind === 'alert' ? [item.row] : []))), [items])
  const wanted = useRef<string>(undefined)

  useEffect(() => {
    if (wanted.current === undefined) return
    const line = scrollRef.current?.querySelector<HTMLElement>(`[data-line="${CSS.escape(wanted.current)}"]`)
    if (!line) return
    wanted.current = undefined
    line.focus({ preventScroll: true })
  })

  const filteredBy = useRef(filter)
  useEffect(() => {
    if (filteredBy.current === filter) return
    filteredBy.current = filter
    // The worst of what is left, not whatever comes to lie where somebody had scrolled to.
    scrollRef.current?.scrollTo?.({ top: 0 })
  }, [filter, scrollRef])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && selectedKey !== undefined) return onSelect(undefined)
    const from = (event.target as HTMLElement).dataset.line
    const action = toAction(event)
    const row = items.find((item) => item.kind === 'alert' && item.key === from)
    if (action && onAct && mayAct && row?.kind === 'alert' && row.row.state !== 'resolved') {
      event.preventDefault()
      onAct(action, row.row)
      return
    }
    const next = nextAlert(items, from, event.key)
    if (next === undefined) return
    event.preventDefault()
    wanted.current = items[next]?.key
    reveal(next)
    // The line may be drawn already, and then nothing else draws again.
    scrollRef.current?.querySelector<HTMLElement>(`[data-line="${CSS.escape(items[next]?.key ?? '')}"]`)?.focus({ preventScroll: true })
  }
  const tabStop = selectedKey ?? items.find((item) => item.kind === 'alert')?.key
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the lines inside.
    <div ref={scrollRef} className={styles.scroll} onScroll={onScroll} onKeyDown={onKeyDown} tabIndex={-1} inert={inert}>
      <ul className={styles.list} aria-label="Alerts">
        <li aria-hidden style={{ height: window.above }} />
        {items.slice(window.start, window.end).map((item) =>
          item.kind === 'group' ? (
            <li key={item.key} className={styles.group} style={{ height: groupHeight }}>
              <span className={styles.groupTitle}>{item.title}</span> {item.count}
              {onAct && mayAct && <AcknowledgeAll title={item.title} open={item.open} onAct={onAct} />}
            </li>
          ) : (
            <AlertLine
              key={item.key}
              lineKey={item.key}
              row={item.row}
              now={now}
              height={heightOf(item, { narrow, stacked })}
              stacked={stacked}
              narrow={narrow}
              labels={labels}
              shared={shared}
              formatValue={formatValue}
              selected={item.key === selectedKey}
              tabStop={item.key === tabStop}
              onToggle={() => onSelect(item.key === selectedKey ? undefined : item.key)}
              onAct={onAct}
              mayAct={mayAct}
            />
          ),
        )}
        <li aria-hidden style={{ height: window.below }} />
      </ul>
      {items.length === 0 && <p className={styles.none}>No alert passes the filter.</p>}
    </div>
  )
}

const acknowledgedAtOnceMax = 500

/** A storm is one thing to take, not forty. */
function AcknowledgeAll({ title, open, onAct }: { title: string; open: readonly AlertRow[]; onAct: OnAct }) {
  const [first, ...others] = open
  if (first === undefined || others.length === 0 || open.length > acknowledgedAtOnceMax) return null
  return (
    <Button
      size="sm"
      variant="secondary"
      fill="text"
      aria-label={`Acknowledge all ${open.length} of ${title} that nobody has`}
      onClick={() => onAct('ack', first, others)}
    >
      Acknowledge all {open.length}
    </Button>
  )
}

/** A heading is low; an alert has a line more where its summary and its cause do not fit beside each other. */
function heightOf(item: ListItem | undefined, { narrow, stacked }: { narrow: boolean; stacked: boolean }): number {
  if (item?.kind !== 'alert') return groupHeight
  const hasBoth = item.row.cause !== '' && item.row.cause !== noClearCause && item.row.summary !== ''
  if (narrow) return hasBoth ? 98 : 78
  return stacked && hasBoth ? 76 : 56
}

/** What a letter does on a line that has the focus. */
function toAction({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): PanelAction | undefined {
  if (ctrlKey || metaKey || altKey) return undefined
  return ({ a: 'ack', s: 'silence', r: 'resolve' } as const)[key.toLowerCase() as 'a' | 's' | 'r']
}

/** The place of the alert a key leads to, stepping over headings. */
export function nextAlert(items: readonly ListItem[], from: string | undefined, key: string): number | undefined {
  const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
  if (step === 0 || from === undefined) return undefined
  let at = items.findIndex((item) => item.key === from) + step
  while (items[at]?.kind === 'group') at += step
  return items[at] === undefined ? undefined : at
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ flex: 1, minHeight: 0, minWidth: 0, overflow: 'auto' }),
  list: css({ margin: 0, listStyle: 'none' }),
  group: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.25, 1),
    color: theme.colors.text.secondary,
  }),
  groupTitle: css({ fontWeight: theme.typography.fontWeightMedium, color: theme.colors.text.primary }),
  none: css({ padding: theme.spacing(2), textAlign: 'center', color: theme.colors.text.secondary }),
})
