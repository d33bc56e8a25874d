import { Combobox, type ComboboxOption, Field, TextArea } from '@grafana/ui'
import { useId, useState } from 'react'
import type { AlertAction } from '../../client/collector-client.ts'
import { DialogForm } from './DialogForm.tsx'
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
  const { title, confirm, explains } = words[action]

  return (
    <DialogForm
      title={title}
      confirm={confirm}
      destructive={action === 'resolve'}
      send={() => run(action, row, { comment, ...(holdsFor !== '' && { for: holdsFor }) })}
      onClose={onClose}
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
    </DialogForm>
  )
}
