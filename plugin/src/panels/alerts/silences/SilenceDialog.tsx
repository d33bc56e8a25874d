import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, Checkbox, Combobox, type ComboboxOption, Field, Input, TextArea, useStyles2 } from '@grafana/ui'
import { useId, useState } from 'react'
import { counted } from '../../../format/words.ts'
import { DialogForm } from '../actions/DialogForm.tsx'
import type { AlertRow } from '../view-model.ts'
import { type PreviewSilence, SilencePreview } from './SilencePreview.tsx'
import { type DraftMatcher, toDraftMatchers, toMatcherTexts } from './silence-draft.ts'

export type SilenceWish = { matchers: string[]; for: string; comment: string }

type Props = {
  /** The alerts it is made for: one, or those of a group. */
  rows: readonly AlertRow[]
  actor: string
  preview: PreviewSilence
  /** Answers with why it was refused, if it was. */
  create: (wish: SilenceWish) => Promise<string | undefined>
  onClose: () => void
}

const lengths: ComboboxOption<string>[] = [
  { value: '30m', label: '30 minutes' },
  { value: '1h', label: '1 hour' },
  { value: '2h', label: '2 hours' },
  { value: '4h', label: '4 hours' },
  { value: '8h', label: '8 hours' },
  { value: '1d', label: '1 day' },
  { value: '3d', label: '3 days' },
  { value: '7d', label: '7 days' },
]

/** Which alerts, for how long and why; what that does is seen before it is done. */
export function SilenceDialog({ rows, actor, preview, create, onClose }: Props) {
  const id = useId()
  const [draft, setDraft] = useState(() => toDraftMatchers(rows.map(({ labels }) => labels)))
  const [asked, setAsked] = useState(draft)
  const [length, setLength] = useState('2h')
  const [comment, setComment] = useState('')
  const matchers = toMatcherTexts(draft)
  const styles = useStyles2(getStyles)
  const [wanted] = useState(() => rows.map(({ id: alertId }) => alertId))

  return (
    <DialogForm
      title={rows.length === 1 ? 'Silence alerts' : `Silence ${counted(rows.length, 'alert')}`}
      confirm="Silence"
      incomplete={matchers.length === 0 || comment.trim() === ''}
      send={() => create({ matchers, for: length, comment: comment.trim() })}
      onClose={onClose}
    >
      <p>Receivers hear nothing of alerts that all of these match. They go on being watched, and stay in the list.</p>
      <Matchers draft={draft} onChange={setDraft} onSettled={setAsked} />
      <SilencePreview matchers={toMatcherTexts(asked)} wanted={wanted} preview={preview} />
      <Field label="For" htmlFor={`${id}-for`} description="Or a duration of your own, such as 90m.">
        <Combobox
          id={`${id}-for`}
          options={lengths}
          value={length}
          onChange={({ value }) => setLength(value)}
          width={30}
          createCustomValue
        />
      </Field>
      <Field label="Why" htmlFor={`${id}-comment`} description={`Kept with your name, ${actor}; whoever misses an alert reads it.`}>
        <TextArea
          id={`${id}-comment`}
          className={styles.reason}
          rows={2}
          required
          maxLength={2000}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
          autoFocus
        />
      </Field>
    </DialogForm>
  )
}

type MatchersProps = {
  draft: readonly DraftMatcher[]
  onChange: (draft: DraftMatcher[]) => void
  /** The author has come to the end of a change. */
  onSettled: (draft: DraftMatcher[]) => void
}

/** One line for each label of the alert: in use or not, and open to be made wider. */
function Matchers({ draft, onChange, onSettled }: MatchersProps) {
  const styles = useStyles2(getStyles)
  const changed = (key: string, parts: Partial<DraftMatcher>) => draft.map((one) => (one.key === key ? { ...one, ...parts } : one))
  const settle = (next: DraftMatcher[]) => {
    onChange(next)
    onSettled(next)
  }
  return (
    <fieldset className={styles.matchers}>
      <legend className={styles.legend}>Labels</legend>
      <div className={styles.columns}>
        {draft.map(({ key, text, isUsed }) => (
          <div key={key} className={styles.matcher}>
            <Checkbox
              aria-label={`Use ${key}`}
              value={isUsed}
              onChange={(event) => settle(changed(key, { isUsed: event.currentTarget.checked }))}
            />
            <Input
              aria-label={`Matcher ${key}`}
              value={text}
              disabled={!isUsed}
              placeholder={'host=~"web-.*"'}
              onChange={(event) => onChange(changed(key, { text: event.currentTarget.value }))}
              onBlur={() => onSettled([...draft])}
            />
          </div>
        ))}
      </div>
      <Button
        type="button"
        size="sm"
        variant="secondary"
        fill="text"
        onClick={() => onChange([...draft, { key: `of your own ${draft.length + 1}`, text: '', isUsed: true }])}
      >
        Add a matcher
      </Button>
    </fieldset>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  // The buttons stay at the lower edge of the dialog and would lie over what has the focus.
  reason: css({ scrollMarginBottom: 96 }),
  matchers: css({ border: 0, padding: 0, margin: theme.spacing(0, 0, 2), minWidth: 0 }),
  legend: css({
    fontSize: theme.typography.body.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    marginBottom: theme.spacing(0.5),
  }),
  // Short tests stand beside each other, so that the reason to give is in sight, too.
  columns: css({ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(260px, 1fr))', gap: theme.spacing(0, 2) }),
  matcher: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), marginBottom: theme.spacing(0.5) }),
})
