import { css } from '@emotion/css'
import { AppEvents, type EventBusExtended, type GrafanaTheme2 } from '@grafana/data'
import { Alert, type AlertVariant, useStyles2 } from '@grafana/ui'
import { useCallback, useEffect, useState } from 'react'

type Notice = { id: number; severity: AlertVariant; title: string; text: string }

const noticesMax = 4
const shownMs = 6000
const kinds = [
  [AppEvents.alertSuccess, 'success'],
  [AppEvents.alertInfo, 'info'],
  [AppEvents.alertWarning, 'warning'],
  [AppEvents.alertError, 'error'],
] as const

let lastId = 0

/** What panels and services tell the person looking: short, in a corner, read out by screen readers. */
export function Notices({ appEvents }: { appEvents: EventBusExtended }) {
  const styles = useStyles2(getStyles)
  const [notices, setNotices] = useState<Notice[]>([])
  const remove = useCallback((id: number) => setNotices((all) => all.filter((notice) => notice.id !== id)), [])
  useEffect(() => {
    const listeners = kinds.map(([event, severity]) => {
      const listener = (payload: unknown) => {
        const [title, text] = Array.isArray(payload) ? payload.map(String) : [String(payload)]
        lastId += 1
        const notice = { id: lastId, severity, title: title ?? '', text: text ?? '' }
        setNotices((all) => [...all.filter((one) => one.title !== notice.title || one.text !== notice.text), notice].slice(-noticesMax))
      }
      appEvents.on(event, listener)
      return () => appEvents.off(event, listener)
    })
    return () => {
      for (const off of listeners) off()
    }
  }, [appEvents])
  return (
    <div className={styles.corner} role="log" aria-live="polite" aria-label="Messages">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} onRemove={remove} />
      ))}
    </div>
  )
}

function NoticeCard({ notice: { id, severity, title, text }, onRemove }: { notice: Notice; onRemove: (id: number) => void }) {
  useEffect(() => {
    // Errors stay until someone has read them.
    if (severity === 'error') return
    const timer = setTimeout(() => onRemove(id), shownMs)
    return () => clearTimeout(timer)
  }, [id, severity, onRemove])
  return (
    <Alert severity={severity} title={title} elevated onRemove={() => onRemove(id)}>
      {text}
    </Alert>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  corner: css({
    maxWidth: 420,
    position: 'fixed',
    right: theme.spacing(2),
    bottom: theme.spacing(2),
    width: 'calc(100% - 32px)',
    zIndex: theme.zIndex.portal,
    '&:empty': { display: 'none' },
  }),
})
