import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, IconButton, useStyles2 } from '@grafana/ui'
import { useEffect, useState } from 'react'
import { Glyph } from '../../../ui/Glyph.tsx'
import type { Done } from './use-alert-actions.ts'

/** Long enough to see a mistake; a screen on a wall is not to say it all day. */
const staysMs = 60_000

/** What was done just now, and a way back. */
export function DoneNote({ done, onClose }: { done: Done; onClose: () => void }) {
  const styles = useStyles2(getStyles)
  const [failure, setFailure] = useState<string>()
  const [busy, setBusy] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each thing that is done has its own time.
  useEffect(() => {
    const timer = setTimeout(onClose, staysMs)
    return () => clearTimeout(timer)
  }, [done])
  const undo = async () => {
    setBusy(true)
    const refused = await done.undo()
    if (refused === undefined) return onClose()
    setFailure(refused)
    setBusy(false)
  }
  return (
    <div className={styles.note} role="status">
      <span className={styles.sentence} title={done.sentence}>
        <Glyph name="check" /> {done.sentence}
      </span>
      {failure !== undefined && <span role="alert">{failure}</span>}
      <Button size="sm" variant="secondary" disabled={busy} onClick={undo}>
        Undo
      </Button>
      <IconButton name="times" tooltip="Close" onClick={onClose} />
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  note: css({
    flex: 'none',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    padding: theme.spacing(0.5, 1),
    background: theme.colors.background.secondary,
    borderLeft: `3px solid ${theme.colors.success.border}`,
  }),
  sentence: css({
    flex: '0 1 auto',
    minWidth: 0,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    '& svg': { verticalAlign: '-2px', color: theme.colors.success.text },
  }),
})
