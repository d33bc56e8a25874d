import { Combobox, type ComboboxOption, Field, TextArea } from '@grafana/ui'
import { type KeyboardEvent, useId, useState } from 'react'
import type { AlertAction } from '../../../client/collector-client.ts'
import { counted, toShortName } from '../../../format/words.ts'
import type { AlertRow } from '../view-model.ts'
import { DialogForm } from './DialogForm.tsx'
import type { RunAction } from './use-alert-actions.ts'

type Props = {
  action: AlertAction
  row: AlertRow
  /** With which the same is done. */
  others: readonly AlertRow[]
  actor: string
  run: RunAction
  onClose: () => void
}

const words: Readonly<Record<AlertAction, { title: string; confirm: string; explains: string }>> = {
  ack: {
    title: 'Acknowledge alert',
    confirm: 'Acknowledge',
    explains: 'Says that you have it. Repeats stop; the alert stays until it is over.',
  },
  unack: {
    title: 'Give alert back',
    confirm: 'Give back',
    explains: 'Nobody has it then: repeats and escalation start again.',
  },
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
export function ActionDialog({ action, row, others, actor, run, onClose }: Props) {
  const id = useId()
  const [comment, setComment] = useState('')
  const [holdsFor, setHoldsFor] = useState('')
  const { title, confirm, explains } = words[action]
  const rows = [row, ...others]
  const isSentByEnter = action !== 'resolve'

  return (
    <DialogForm
      title={others.length === 0 ? title : `${confirm} ${counted(rows.length, 'alert')}`}
      confirm={confirm}
      destructive={action === 'resolve'}
      send={() => run(action, rows, { comment, ...(holdsFor !== '' && { for: holdsFor }) })}
      onClose={onClose}
    >
      {others.length === 0 ? (
        <p dir="auto">
          <strong title={row.rule}>{toShortName(row.rule)}</strong>
          {row.summary !== '' && `: ${row.summary}`}
        </p>
      ) : (
        <p>{toRuleList(rows)}</p>
      )}
      {action === 'unack' && row.acknowledgedBy !== actor && <p>{row.acknowledgedBy} has it, not you.</p>}
      <p>{explains}</p>
      {action === 'ack' && (
        <Field label="Holds" htmlFor={`${id}-holds`}>
          <Combobox id={`${id}-holds`} options={holds} value={holdsFor} onChange={({ value }) => setHoldsFor(value)} width={30} />
        </Field>
      )}
      <Field
        label="Comment"
        htmlFor={`${id}-comment`}
        description={`Kept with your name, ${actor}. ${isSentByEnter ? 'Enter sends, Shift with Enter begins a line.' : ''}`}
      >
        <TextArea
          id={`${id}-comment`}
          rows={3}
          maxLength={2000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
          onKeyDown={isSentByEnter ? sendByEnter : undefined}
          autoFocus
        />
      </Field>
    </DialogForm>
  )
}

/** Two keys for what is done most often, at night. Enter that ends the writing of a character sends nothing. */
function sendByEnter(event: KeyboardEvent<HTMLTextAreaElement>) {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
  event.preventDefault()
  event.currentTarget.form?.requestSubmit()
}

const namedAtMost = 8

/** `queue-long (3), cache-cold`. */
function toRuleList(rows: readonly AlertRow[]): string {
  const groups = [...Map.groupBy(rows, ({ rule }) => rule)]
  const named = groups
    .slice(0, namedAtMost)
    .map(([rule, own]) => (own.length === 1 ? toShortName(rule) : `${toShortName(rule)} (${own.length})`))
  const more = groups.length - named.length
  return `${named.join(', ')}${more > 0 ? ` and ${counted(more, 'more rule')}` : ''}`
}
