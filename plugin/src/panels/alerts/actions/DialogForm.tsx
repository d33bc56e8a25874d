import { Alert, Button, Modal } from '@grafana/ui'
import { type ReactNode, useState } from 'react'

type Props = {
  title: string
  /** What the button that sends says. */
  confirm: string
  destructive?: boolean
  /** Nothing can be sent as it stands. */
  incomplete?: boolean
  /** Answers with why it was refused, if it was; after success whoever opened the dialog takes it away. */
  send: () => Promise<string | undefined>
  onClose: () => void
  children: ReactNode
}

/** A question that is sent or left: who sends waits, and learns why when it was refused. */
export function DialogForm({ title, confirm, destructive = false, incomplete = false, send, onClose, children }: Props) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()

  const submit = async () => {
    setBusy(true)
    setFailure(undefined)
    const refused = await send()
    if (refused === undefined) return
    setFailure(refused)
    setBusy(false)
  }
  return (
    <Modal title={title} isOpen onDismiss={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {children}
        {failure !== undefined && (
          <Alert severity="error" title="Not done">
            {failure}
          </Alert>
        )}
        <Modal.ButtonRow>
          <Button variant="secondary" fill="outline" type="button" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant={destructive ? 'destructive' : 'primary'} disabled={busy || incomplete}>
            {busy ? 'Sending…' : confirm}
          </Button>
        </Modal.ButtonRow>
      </form>
    </Modal>
  )
}
