import { css } from '@emotion/css'
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from '@grafana/data'
import { Button, ConfirmModal, useStyles2 } from '@grafana/ui'
import { useEffect, useState } from 'react'
import type { SilenceView } from '../../../../../collector/src/contract/silences.ts'
import { toCollectorError } from '../../../client/collector-error.ts'

export type SilenceDoors = {
  load: (id: string) => Promise<SilenceView>
  /** Answers with why it was refused, if it was. */
  end: (id: string) => Promise<string | undefined>
}

type Props = SilenceDoors & { ids: readonly string[]; timeZone: TimeZone; mayEnd: boolean }

/** Who keeps an alert from receivers, until when and why, and a way to end that. */
export function SilencesOfAlert({ ids, timeZone, mayEnd, load, end }: Props) {
  const styles = useStyles2(getStyles)
  const { silences, failure, setFailure } = useSilences(ids, load)
  const [ending, setEnding] = useState<SilenceView>()
  return (
    <div className={styles.box}>
      {silences.map((silence) => (
        <div key={silence.id} className={styles.silence}>
          <div>
            Silenced by <strong>{silence.createdBy}</strong> until {dateTimeFormat(Date.parse(silence.endsAt), { timeZone })}
          </div>
          <div>{silence.comment}</div>
          <code className={styles.matchers}>{silence.matchers.join(', ')}</code>
          {mayEnd && (
            <Button size="sm" variant="secondary" onClick={() => setEnding(silence)}>
              End silence
            </Button>
          )}
        </div>
      ))}
      {failure !== undefined && <p role="alert">{failure}</p>}
      {ending && (
        <ConfirmModal
          isOpen
          title="End silence"
          body={`Receivers hear again of alerts with ${ending.matchers.join(', ')}.`}
          confirmText="End it"
          confirmButtonVariant="primary"
          onDismiss={() => setEnding(undefined)}
          onConfirm={async () => {
            setEnding(undefined)
            setFailure(await end(ending.id))
          }}
        />
      )}
    </div>
  )
}

function useSilences(ids: readonly string[], load: SilenceDoors['load']) {
  const [silences, setSilences] = useState<readonly SilenceView[]>([])
  const [failure, setFailure] = useState<string>()
  const wanted = ids.join(' ')
  useEffect(() => {
    let isCurrent = true
    Promise.all(wanted.split(' ').map(load)).then(
      (found) => isCurrent && setSilences(found),
      (thrown) => isCurrent && setFailure(toCollectorError(thrown).message),
    )
    return () => {
      isCurrent = false
    }
  }, [wanted, load])
  return { silences, failure, setFailure }
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ margin: theme.spacing(1, 0) }),
  silence: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(0.5),
    padding: theme.spacing(1),
    border: `1px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    overflowWrap: 'anywhere',
  }),
  matchers: css({ whiteSpace: 'normal', wordBreak: 'break-word' }),
})
