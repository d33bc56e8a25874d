import { useState } from 'react'
import { type AlertRow, toEpisodeKey } from '../view-model.ts'

/** The alert somebody reads. One that is over meanwhile leaves the list, but not the hands of its reader. */
export function useSelected(rows: readonly AlertRow[], key: string | undefined): { selected: AlertRow | undefined; isGone: boolean } {
  const [last, setLast] = useState<AlertRow>()
  const row = key === undefined ? undefined : rows.find((one) => toEpisodeKey(one) === key)
  if (row !== undefined && row !== last) setLast(row)
  if (row !== undefined || key === undefined) return { selected: row, isGone: false }
  const isLast = last !== undefined && toEpisodeKey(last) === key
  return { selected: isLast ? last : undefined, isGone: isLast }
}
