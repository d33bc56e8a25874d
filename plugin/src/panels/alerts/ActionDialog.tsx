import { Alert, Button, Combobox, type ComboboxOption, Field, Modal, TextArea } from '@grafana/ui'
import { useId, useState } from 'react'
import type { AlertAction } from '../../client/collector-client.ts'
import type { ActionRequest } from './use-alert-actions.ts'
import type { AlertRow } from './view-model.ts'

type Props = {
  action: AlertAction
  row: AlertRow
  actor: string
  run: (action: AlertAction, row: AlertRow, request: ActionRequest) => Promise<string | undefined>
  onClose: () => void
}

const words: Readonly<Record<AlertAction, { title: string; confirm: string; explains: string }>> = {
  ack: {
    title: 'Acknowledge alert',
    confirm: 'Acknowledge',
    explains: 'Says that you have it. Repeats stop; the alert stays until it is over.',
  },
  unack: { title: 'Take acknowledgement back', confirm: 'Take back', explains: 'Repeats start again, as if nobody had it.' },
  resolve: {
    title: 'Resolve alert',
    confirm: 'Resolve',
    explains: 'Ends the alert now. If its condition still holds at the next evaluation, it fires again.',
  },
}

const holds: ComboboxOption<string>[] = [
  { value: '', label: 'until it is over' },
  { value: '30m', label: '30 minutes' },
  { value: '1h', label: '1 hour' },
  { value: '2h', label: '2 hours' },
  { value: '8h', label: '8 hours' },
  { value: '24h', label: '1 day' },
]

/** Asks before anything is sent, and for a word about why. */
export function ActionDialog({ action, row, actor, run, onClose }: Props) {
  const id = useId()
  const [comment, setComment] = useState('')
  const [holdsFor, setHoldsFor] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const { title, confirm, explains } = words[action]

  const send = async () => {
    setBusy(true)
    setFailure(undefined)
    const refused = await run(action, row, { comment, ...(holdsFor !== '' && { for: holdsFor }) })
    // On success the dialog is gone by now.
    if (refused !== undefined) {
      setFailure(refused)
      setBusy(false)
    }
  }
  return (
    <Modal title={title} isOpen onDismiss={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <p>
          <strong>{row.rule}</strong>: {row.summary || explains}
        </p>
        {row.summary !== '' && <p>{explains}</p>}
        {action === 'ack' && (
          <Field label="Holds" htmlFor={`${id}-holds`}>
            <Combobox id={`${id}-holds`} options={holds} value={holdsFor} onChange={({ value }) => setHoldsFor(value)} width={30} />
          </Field>
        )}
        <Field label="Comment" htmlFor={`${id}-comment`} description={`Kept with your name, ${actor}.`}>
          <TextArea
            id={`${id}-comment`}
            rows={3}
            maxLength={2000}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
            autoFocus
          />
        </Field>
        {failure !== undefined && (
          <Alert severity="error" title="Not done">
            {failure}
          </Alert>
        )}
        <Modal.ButtonRow>
          <Button variant="secondary" fill="outline" type="button" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant={action === 'resolve' ? 'destructive' : 'primary'} disabled={busy}>
            {busy ? 'Sending…' : confirm}
          </Button>
        </Modal.ButtonRow>
      </form>
    </Modal>
  )
}
