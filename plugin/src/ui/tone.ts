import type { GrafanaTheme2 } from '@grafana/data'

/** How a thing stands, before it has a colour. */
export type Tone = 'good' | 'warning' | 'bad' | 'info' | 'quiet'

export type ToneColors = {
  /** Readable on the panel's background. */
  text: string
  /** Behind text of the colour `text`. */
  soft: string
  border: string
  /** A strong area, such as a bar. */
  solid: string
}

export function toneColors(theme: GrafanaTheme2, tone: Tone): ToneColors {
  const { colors } = theme
  if (tone === 'quiet') {
    return { text: colors.text.secondary, soft: colors.secondary.transparent, border: colors.border.medium, solid: colors.text.disabled }
  }
  const rich = { good: colors.success, warning: colors.warning, bad: colors.error, info: colors.info }[tone]
  return { text: rich.text, soft: rich.transparent, border: rich.borderTransparent, solid: rich.main }
}
