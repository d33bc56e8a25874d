import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Combobox, type ComboboxOption, useStyles2 } from '@grafana/ui'
import { useEffect, useId, useState } from 'react'
import type { SilencePreviewResponse } from '../../../../../collector/src/contract/silences.ts'
import { toCollectorError } from '../../../client/collector-error.ts'
import { counted, toShortName } from '../../../format/words.ts'
import { Glyph } from '../../../ui/Glyph.tsx'
import { toPreviewSentence, toReachSentence } from './silence-draft.ts'

export type PreviewSilence = (matchers: string[], days: number) => Promise<SilencePreviewResponse>
type Props = {
  matchers: readonly string[]
  /** Ids of the alerts that it is made for. */ wanted: readonly string[]
  preview: PreviewSilence
}
type Seen = { readonly answer?: SilencePreviewResponse; readonly failure?: string }

const lookBacks: ComboboxOption<number>[] = [
  { value: 1, label: 'the past day' },
  { value: 7, label: 'the past 7 days' },
  { value: 14, label: 'the past 14 days' },
  { value: 30, label: 'the past 30 days' },
]
const namedAtMost = 5

/** What the silence would cover now, and what it would have kept from people: before anybody makes it. */
export function SilencePreview({ matchers, wanted, preview }: Props) {
  const styles = useStyles2(getStyles)
  const id = useId()
  const [days, setDays] = useState(7)
  const seen = usePreview(matchers, days, preview)
  return (
    <section className={styles.box} aria-label="Preview">
      <div className={styles.head}>
        <label htmlFor={id}>Preview, with</label>
        <Combobox id={id} options={lookBacks} value={days} onChange={({ value }) => setDays(value)} width={22} />
      </div>
      <div aria-live="polite">
        {seen.failure !== undefined && (
          <p className={styles.failure}>
            <Glyph name="alert" /> {seen.failure}
          </p>
        )}
        {seen.failure === undefined && seen.answer === undefined && <p className={styles.text}>Looking…</p>}
        {seen.answer && <Covered answer={seen.answer} wanted={wanted} />}
      </div>
    </section>
  )
}

function Covered({ answer, wanted }: { answer: SilencePreviewResponse; wanted: Props['wanted'] }) {
  const styles = useStyles2(getStyles)
  const { alerts } = answer
  const names = [...new Set(alerts.map(({ rule }) => toShortName(rule)))]
  const more = names.length - namedAtMost
  const reach = toReachSentence(
    alerts.map(({ id }) => id),
    wanted,
  )
  return (
    <>
      <p className={styles.text}>
        {alerts.length === 0 ? 'It covers no active alert.' : `It covers ${counted(alerts.length, 'active alert')}: `}
        {names.slice(0, namedAtMost).join(', ')}
        {more > 0 && ` and ${counted(more, 'more rule')}`}
      </p>
      {reach !== '' && (
        <p className={styles.failure}>
          <Glyph name="alert" /> {reach}
        </p>
      )}
      <p className={styles.text}>{toPreviewSentence(answer)}</p>
    </>
  )
}

/** Asks whenever the question changes; an answer to an older one is dropped. */
function usePreview(matchers: readonly string[], days: number, preview: PreviewSilence): Seen {
  const [seen, setSeen] = useState<Seen>({})
  const question = JSON.stringify(matchers)
  useEffect(() => {
    const asked = JSON.parse(question) as string[]
    let isCurrent = true
    const show = (next: Seen) => {
      if (isCurrent) setSeen(next)
    }
    if (asked.length === 0) show({ failure: 'Choose at least one label, or the silence would cover every alert.' })
    else {
      show({})
      preview(asked, days).then(
        (answer) => show({ answer }),
        (thrown) => show({ failure: toCollectorError(thrown).message }),
      )
    }
    return () => {
      isCurrent = false
    }
  }, [question, days, preview])
  return seen
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    padding: theme.spacing(1, 1.5),
    marginBottom: theme.spacing(2),
    background: theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    minHeight: 104,
  }),
  head: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1), marginBottom: theme.spacing(1) }),
  text: css({ margin: theme.spacing(0.5, 0) }),
  failure: css({ margin: theme.spacing(0.5, 0), '& svg': { verticalAlign: '-2px', color: theme.colors.warning.text } }),
})
