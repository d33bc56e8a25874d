import { css, cx } from '@emotion/css'
import type { GrafanaTheme2 } from '@grafana/data'
import { Button, useStyles2 } from '@grafana/ui'
import { Glyph } from '../../../ui/Glyph.tsx'
import { toneColors } from '../../../ui/tone.ts'
import type { OnAct } from '../actions/use-alert-actions.ts'
import { severityLooks } from '../looks.ts'
import type { AlertGroup } from '../view-model.ts'
import { toAcknowledgement, toSilence } from './line-keys.ts'

type Props = {
  group: AlertGroup
  narrow: boolean
  /** At the top, while alerts go beneath it. */ stays: boolean
  /** Undefined for those who may only look. */ onAct: OnAct | undefined
}

export const groupHeight = 30

/** What a group is, how many alerts it has and how bad they are, and what can be done with all of them at once. */
export function GroupHeading({ group, narrow, stays, onAct }: Props) {
  const styles = useStyles2(getStyles)
  const { title, count, severities } = group
  return (
    <li className={cx(styles.heading, stays && styles.stays)} style={{ height: groupHeight }}>
      <span className={styles.title} title={title} dir="auto">
        {title}
      </span>
      <span className={styles.count}>{count}</span>
      <span className={styles.severities}>
        {severities.map(([severity, amount]) => (
          <span key={severity} className={cx(styles.severity, styles[severity])} title={`${amount} ${severityLooks[severity].word}`}>
            <Glyph name={severityLooks[severity].glyph} size={12} />
            {amount} <span className={cx(narrow && 'sr-only')}>{severityLooks[severity].word.toLowerCase()}</span>
          </span>
        ))}
      </span>
      {onAct && <GroupActions group={group} narrow={narrow} onAct={onAct} />}
    </li>
  )
}

/** A storm is one thing to take or to silence, not forty. */
function GroupActions({ group, narrow, onAct }: { group: AlertGroup; narrow: boolean; onAct: OnAct }) {
  const styles = useStyles2(getStyles)
  const { title, open, audible } = group
  const deeds = [
    {
      deed: toAcknowledgement(group),
      word: 'Acknowledge',
      glyph: 'check',
      key: 'A',
      what: `all ${open.length} of ${title} that nobody has`,
    },
    { deed: toSilence(group), word: 'Silence', glyph: 'mute', key: 'S', what: `all ${audible.length} of ${title}` },
  ] as const
  // Words leave no room for the group's name where severities stand beside it; the name of the button says them.
  const isTight = narrow && group.severities.length > 1
  return (
    <span className={styles.actions}>
      {deeds.map(({ deed, word, glyph, key, what }) => {
        if (!deed || deed[2].length === 0) return null
        return (
          <Button
            key={key}
            size="sm"
            variant="secondary"
            fill="text"
            aria-label={`${word} ${what}`}
            title={`Shift and ${key}, on an alert of the group`}
            onClick={() => onAct(...deed)}
          >
            {isTight ? <Glyph name={glyph} /> : narrow ? word : `${word} all ${deed[2].length + 1}`}
          </Button>
        )
      })}
    </span>
  )
}

const getStyles = (theme: GrafanaTheme2) => {
  const toned = (tone: Parameters<typeof toneColors>[1]) => css({ '& > svg': { color: toneColors(theme, tone).text } })
  return {
    heading: css({
      overflowAnchor: 'none',
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      padding: theme.spacing(0.25, 1),
      color: theme.colors.text.secondary,
      background: theme.colors.background.primary,
      whiteSpace: 'nowrap',
      boxShadow: `inset 0 -1px 0 ${theme.colors.border.weak}`,
    }),
    stays: css({ position: 'sticky', top: 0, zIndex: 1 }),
    title: css({
      fontWeight: theme.typography.fontWeightMedium,
      color: theme.colors.text.primary,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      minWidth: '3ch',
    }),
    count: css({ fontVariantNumeric: 'tabular-nums' }),
    severities: css({ flex: '0 9999 auto', display: 'flex', gap: theme.spacing(1), minWidth: 0, overflow: 'hidden' }),
    severity: css({
      flex: 'none',
      display: 'inline-flex',
      alignItems: 'center',
      gap: theme.spacing(0.5),
      fontSize: theme.typography.bodySmall.fontSize,
      fontVariantNumeric: 'tabular-nums',
    }),
    critical: toned(severityLooks.critical.tone),
    high: toned(severityLooks.high.tone),
    warning: toned(severityLooks.warning.tone),
    info: toned(severityLooks.info.tone),
    actions: css({ flex: 'none', display: 'flex' }),
  }
}
