import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { useStyles2 } from '@grafana/ui'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef } from 'react'
import { useRowWindow } from '../../../ui/use-row-window.ts'
import type { OnAct } from '../actions/use-alert-actions.ts'
import { noClearCause } from '../cause-facts.ts'
import { toSharedLabels } from '../shown-labels.ts'
import type { ValueFormat } from '../shown-value.ts'
import type { AlertFilter, ListItem } from '../view-model.ts'
import { AlertLine } from './AlertLine.tsx'
import { GroupHeading, groupHeight } from './GroupHeading.tsx'
import { headingOf, nextAlert, toDeed } from './line-keys.ts'

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

/** All alerts that pass the filter; only those in view are drawn. Arrow keys move, Enter opens, Escape closes; letters act, with Shift on the whole group. */
export function AlertList({ items, now, width, labels, formatValue, filter, inert, selectedKey, onSelect, onAct, mayAct }: Props) {
  const styles = useStyles2(getStyles)
  const narrow = width < 640
  const stacked = width < 900
  const rowHeight = useCallback((row: number) => heightOf(items[row], { narrow, stacked }), [items, narrow, stacked])
  const coveredHeight = items[0]?.kind === 'group' ? groupHeight : 0
  const { window, scrollRef, onScroll, reveal } = useRowWindow({ count: items.length, rowHeight, coveredHeight })
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
    const deed = onAct && mayAct && toDeed(items, from, event)
    if (deed) {
      event.preventDefault()
      onAct(...deed)
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
  const pinned = headingOf(items, window.first)
  const isLeftOut = pinned >= 0 && pinned < window.start
  const toLine = (item: ListItem, at: number) =>
    item.kind === 'group' ? (
      <GroupHeading key={item.key} group={item} narrow={narrow} stays={at >= pinned} onAct={mayAct ? onAct : undefined} />
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
    )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the lines inside.
    <div ref={scrollRef} className={styles.scroll} onScroll={onScroll} onKeyDown={onKeyDown} tabIndex={-1} inert={inert}>
      <ul className={styles.list} aria-label="Alerts">
        {[
          // The heading of what is in view stays at the top, however far above its own place is.
          ...(isLeftOut ? items.slice(pinned, pinned + 1).map((item) => toLine(item, pinned)) : []),
          <li key="above" aria-hidden style={{ height: window.above - (isLeftOut ? groupHeight : 0) }} />,
          ...items.slice(window.start, window.end).map((item, at) => toLine(item, window.start + at)),
        ]}
        <li aria-hidden style={{ height: window.below }} />
      </ul>
      {items.length === 0 && <p className={styles.none}>No alert passes the filter.</p>}
    </div>
  )
}

/** A heading is low; an alert has a line more where its summary and its cause do not fit beside each other. */
function heightOf(item: ListItem | undefined, { narrow, stacked }: { narrow: boolean; stacked: boolean }): number {
  if (item?.kind !== 'alert') return groupHeight
  const hasBoth = item.row.cause !== '' && item.row.cause !== noClearCause && item.row.summary !== ''
  if (narrow) return hasBoth ? 98 : 78
  return stacked && hasBoth ? 76 : 56
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroll: css({ flex: 1, minHeight: 0, minWidth: 0, overflow: 'auto' }),
  list: css({ margin: 0, listStyle: 'none' }),
  none: css({ padding: theme.spacing(2), textAlign: 'center', color: theme.colors.text.secondary }),
})
