import { css } from '@emotion/css'
import { dateTimeFormat, type GrafanaTheme2, type TimeRange, type TimeZone } from '@grafana/data'
import { Button, Checkbox, Field, RadioButtonGroup, TextArea, useStyles2 } from '@grafana/ui'
import { useCallback, useEffect, useId, useRef, useState } from 'react'
import type { CollectorClient } from '../../../client/collector-client.ts'
import { PanelMessage } from '../../../ui/PanelMessage.tsx'
import { loadPastRows } from './load-past-rows.ts'
import { ReplayReportView } from './ReplayReportView.tsx'
import { type Incident, toIncidents } from './report-view.ts'
import { type Replay, useReplay } from './use-replay.ts'

type Props = {
  find: () => CollectorClient | undefined
  range: TimeRange
  timeZone: TimeZone
  /** Why it cannot be asked for, if so. */
  refusal: string | undefined
  onClose: () => void
}

const sources = [
  { value: 'inForce', label: 'Rules in force' },
  { value: 'others', label: 'Other rules' },
] as const

const example = 'name: Slow\nsource: { measurement: http, field: latency }\ncondition: { above: 500 }\nfor: 5m\nseverity: critical'

/** What rules would have sent in the dashboard's time range: nothing is sent, and nobody is woken. */
export function ReplayView({ find, range, timeZone, refusal, onClose }: Props) {
  const styles = useStyles2(getStyles)
  const id = useId()
  const [source, setSource] = useState<'inForce' | 'others'>('inForce')
  const [yaml, setYaml] = useState('')
  const [silences, setSilences] = useState(true)
  const [incidents, setIncidents] = useState<readonly Incident[] | null>()
  const { replay, start, cancel } = useReplay(find)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const view = useRef<HTMLElement>(null)
  const outcome = useRef<HTMLDivElement>(null)
  const isOver = replay.kind === 'done' || replay.kind === 'failed'
  // Where there is no room beside the question, what was found is below what can be seen.
  useEffect(() => {
    if (isOver && view.current && outcome.current) view.current.scrollTop = outcome.current.offsetTop - view.current.offsetTop
  }, [isOver])

  const run = useCallback(() => {
    const [from, to] = [range.from.valueOf(), range.to.valueOf()]
    setIncidents(undefined)
    loadPastRows(find, { from, to }).then(
      (rows) => setIncidents(toIncidents(rows)),
      () => setIncidents(null),
    )
    start({ from, to, silences, ...(source === 'others' && { yaml }) })
  }, [range, find, start, silences, source, yaml])

  const isRunning = replay.kind === 'running'
  const isIncomplete = source === 'others' && yaml.trim() === ''
  return (
    <section ref={view} className={styles.view} aria-labelledby={`${id}-title`}>
      <div className={styles.head}>
        <h3 id={`${id}-title`} ref={title} tabIndex={-1} className={styles.title}>
          What would have been sent
        </h3>
        <Button size="sm" variant="secondary" onClick={onClose}>
          Back to the alerts
        </Button>
      </div>
      <p className={styles.text}>
        From {dateTimeFormat(range.from, { timeZone })} to {dateTimeFormat(range.to, { timeZone })}, the dashboard's time range. The same
        engine reads the stored samples; nothing is sent.
      </p>
      <div className={styles.halves}>
        <form
          className={source === 'others' ? styles.question : styles.line}
          onSubmit={(event) => {
            event.preventDefault()
            run()
          }}
        >
          <div className={styles.choices}>
            <RadioButtonGroup aria-label="Which rules" options={[...sources]} value={source} onChange={setSource} />
            <Checkbox label="Silences count" value={silences} onChange={(event) => setSilences(event.currentTarget.checked)} />
          </div>
          {source === 'others' && (
            <Field
              label="Rules as YAML"
              htmlFor={`${id}-yaml`}
              description="One rule, a list of rules, or a file with rules, route and inhibit_rules; what it leaves out is as it is in force."
            >
              <TextArea
                id={`${id}-yaml`}
                className={styles.yaml}
                rows={8}
                placeholder={example}
                spellCheck={false}
                value={yaml}
                onChange={(event) => setYaml(event.currentTarget.value)}
              />
            </Field>
          )}
          <div className={styles.choices}>
            <Button type="submit" size="sm" disabled={isRunning || isIncomplete || refusal !== undefined}>
              Replay
            </Button>
            {isRunning && (
              <Button type="button" size="sm" variant="secondary" onClick={cancel}>
                Cancel
              </Button>
            )}
          </div>
        </form>
        <div className={styles.outcome} ref={outcome}>
          {refusal !== undefined && <p className={styles.text}>{refusal}</p>}
          <Outcome replay={replay} incidents={incidents} timeZone={timeZone} />
        </div>
      </div>
    </section>
  )
}

function Outcome({
  replay,
  incidents,
  timeZone,
}: {
  replay: Replay
  incidents: readonly Incident[] | null | undefined
  timeZone: TimeZone
}) {
  const styles = useStyles2(getStyles)
  if (replay.kind === 'failed') {
    return (
      <PanelMessage title="The replay failed" glyph="alert" role="alert">
        {replay.message}
      </PanelMessage>
    )
  }
  if (replay.kind === 'running') {
    const percent = Math.floor(replay.done * 100)
    return (
      <div className={styles.progress} role="status">
        <progress max={1} value={replay.done} aria-label="How far the replay is" /> {percent} % of the time replayed
      </div>
    )
  }
  if (replay.kind === 'idle') {
    return (
      <PanelMessage title="Nothing replayed yet" glyph="play">
        Choose the time range of the dashboard, and the rules; a day takes some seconds.
      </PanelMessage>
    )
  }
  return <ReplayReportView report={replay.report} incidents={incidents} timeZone={timeZone} />
}

const getStyles = (theme: GrafanaTheme2) => ({
  view: css({ flex: 1, minHeight: 0, overflow: 'auto', padding: theme.spacing(1) }),
  head: css({ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: theme.spacing(1) }),
  title: css({ fontSize: theme.typography.h5.fontSize, margin: 0 }),
  text: css({ color: theme.colors.text.secondary, margin: theme.spacing(0.5, 0, 1) }),
  halves: css({ display: 'flex', flexWrap: 'wrap', columnGap: theme.spacing(4) }),
  line: css({ flex: '1 1 100%' }),
  question: css({ flex: '1 1 420px', minWidth: 0 }),
  outcome: css({ flex: '2 1 480px', minWidth: 0 }),
  choices: css({ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: theme.spacing(1.5), marginBottom: theme.spacing(1) }),
  yaml: css({ fontFamily: theme.typography.fontFamilyMonospace }),
  progress: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), padding: theme.spacing(2, 0) }),
})
