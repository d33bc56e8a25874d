import { css, cx } from '@emotion/css'
import { type GrafanaTheme2, type TimeZone, textUtil } from '@grafana/data'
import { IconButton, TextLink, useStyles2 } from '@grafana/ui'
import { toDurationText } from '../../format/durations.ts'
import { StateTag } from '../../ui/StateTag.tsx'
import { DeploymentCard } from './DeploymentCard.tsx'
import { stepLooks, toGateLook } from './looks.ts'
import { type DeploymentRow, toStepDurationMs } from './view-model.ts'

type Props = {
  row: DeploymentRow
  now: number
  timeZone: TimeZone /** Beside the timeline; beneath it when left out. */
  width: number | undefined
  onClose: () => void
}

/** One deployment with its steps. */
export function DeploymentDetails({ row, now, timeZone, width, onClose }: Props) {
  const styles = useStyles2(getStyles)
  const links = row.links()
  return (
    <section
      className={cx(styles.pane, width === undefined ? styles.beneath : styles.beside)}
      style={{ width }}
      aria-label={`Details of ${row.service} ${row.version}`}
    >
      <div className={styles.head}>
        <strong>
          {row.service} {row.version}
        </strong>
        <IconButton name="times" tooltip="Close details" onClick={onClose} />
      </div>
      <div className={styles.columns}>
        <DeploymentCard row={row} now={now} timeZone={timeZone} />
        {row.steps.length > 0 && <Steps steps={row.steps} />}
        {row.gates.length > 0 && <Gates gates={row.gates} />}
      </div>
      <div className={styles.links}>
        {row.url !== '' && (
          <TextLink href={textUtil.sanitizeUrl(row.url)} external>
            Open this deployment
          </TextLink>
        )}
        {links.map((link) => (
          <TextLink key={`${link.title} ${link.href}`} href={link.href} external={link.target === '_blank'}>
            {link.title}
          </TextLink>
        ))}
      </div>
    </section>
  )
}

function Steps({ steps }: { steps: DeploymentRow['steps'] }) {
  const styles = useStyles2(getStyles)
  return (
    <div>
      <h6 className={styles.title}>Steps</h6>
      <ol className={styles.steps}>
        {steps.map((step) => {
          const look = stepLooks[step.status] ?? stepLooks.running
          const durationMs = toStepDurationMs(step)
          return (
            <li key={step.name} className={styles.step}>
              <StateTag tone={look.tone} glyph={look.glyph} word={look.word} />
              <span className={styles.name}>{step.name}</span>
              <span className={styles.took}>{durationMs === null ? '' : toDurationText(durationMs)}</span>
              {step.message && <span className={styles.message}>{step.message}</span>}
            </li>
          )
        })}
      </ol>
    </div>
  )
}

/** What let it pass, or kept it back, and why. */
function Gates({ gates }: { gates: DeploymentRow['gates'] }) {
  const styles = useStyles2(getStyles)
  return (
    <div>
      <h6 className={styles.title}>Gates</h6>
      <ol className={styles.steps}>
        {gates.map((gate) => {
          const look = toGateLook(gate)
          const isOtherwise = gate.answer !== null && gate.answer !== gate.verdict
          return (
            <li key={gate.id} className={styles.step}>
              <StateTag tone={look.tone} glyph={look.glyph} word={look.word} />
              <span className={styles.name}>{gate.gate ?? 'chosen rules'}</span>
              <span className={styles.took}>{isOtherwise ? `verdict: ${gate.verdict}` : ''}</span>
              <span className={styles.message}>
                {gate.reason}
                {gate.overriddenBy !== null && `; overridden by ${gate.overriddenBy}`}
              </span>
            </li>
          )
        })}
      </ol>
    </div>
  )
}

const getStyles = (theme: GrafanaTheme2) => ({
  pane: css({ overflow: 'auto', padding: theme.spacing(1), background: theme.colors.background.secondary }),
  beside: css({ flex: 'none', borderLeft: `1px solid ${theme.colors.border.weak}` }),
  beneath: css({ flex: '0 1 50%', borderTop: `1px solid ${theme.colors.border.medium}` }),
  head: css({ display: 'flex', justifyContent: 'space-between', gap: theme.spacing(1), overflowWrap: 'anywhere' }),
  columns: css({ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 280px), 1fr))', gap: theme.spacing(1, 3) }),
  title: css({ margin: theme.spacing(0, 0, 0.5) }),
  steps: css({ margin: 0, listStyle: 'none' }),
  step: css({
    display: 'grid',
    gridTemplateColumns: '104px minmax(0, 1fr) auto',
    alignItems: 'center',
    gap: theme.spacing(0, 1),
    padding: theme.spacing(0.25, 0),
  }),
  name: css({ overflowWrap: 'anywhere' }),
  took: css({ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
  message: css({
    gridColumn: '2 / -1',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
  }),
  links: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1.5), marginTop: theme.spacing(1) }),
})
