import { css } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, useStyles2 } from '@grafana/ui'
import { useState } from 'react'
import { Glyph } from '../../../ui/Glyph.tsx'
import type { AlertRow } from '../view-model.ts'

export type MarkAlert = (row: AlertRow, useful: boolean | null) => Promise<string | undefined>

/** Whether it was worth hearing of; pressing a mark again takes it back. The answers make the precision of the rule. */
export function UsefulMarks({ row, mark, disabled }: { row: AlertRow; mark: MarkAlert; disabled: boolean }) {
  const styles = useStyles2(getStyles)
  const [failure, setFailure] = useState<string>()
  const choices = [
    { useful: true, word: 'Useful', glyph: 'check' },
    { useful: false, word: 'Not useful', glyph: 'cross' },
  ] as const
  return (
    <fieldset className={styles.marks} aria-label="Was it worth hearing of?">
      {choices.map(({ useful, word, glyph }) => {
        const pressed = row.useful === useful
        return (
          <Button
            key={word}
            size="sm"
            type="button"
            variant={pressed ? 'primary' : 'secondary'}
            fill="outline"
            aria-pressed={pressed}
            disabled={disabled}
            onClick={async () => setFailure(await mark(row, pressed ? null : useful))}
          >
            <Glyph name={glyph} size={12} /> {word}
          </Button>
        )
      })}
      {failure !== undefined && <span role="alert">{failure}</span>}
    </fieldset>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  marks: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    margin: theme.spacing(1, 0),
    padding: 0,
    border: 0,
    minWidth: 0,
    '& svg': { verticalAlign: '-1px', marginRight: theme.spacing(0.5) },
  }),
})
