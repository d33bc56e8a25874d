import { colorManipulator, type GrafanaTheme2 } from '@grafana/data'

/** How a thing stands, before it has a colour. */
export type Tone = 'good' | 'warning' | 'bad' | 'info' | 'quiet'

/** Where there is a step more between a warning and the worst. */
export type FineTone = Tone | 'serious'

export type ToneColors = {
  /** Readable on the panel's background. */
  text: string
  /** Behind text of the colour `text`. */
  soft: string
  border: string
  /** A strong area, such as a bar. */
  solid: string
}

export function toneColors(theme: GrafanaTheme2, tone: FineTone): ToneColors {
  const { colors } = theme
  if (tone === 'quiet') {
    return { text: colors.text.secondary, soft: colors.secondary.transparent, border: colors.border.medium, solid: colors.text.disabled }
  }
  if (tone === 'serious') {
    // The theme has nothing between its warning and its error; charts draw the same orange.
    const orange = theme.visualization.getColorByName('dark-orange')
    return { text: orange, soft: colorManipulator.alpha(orange, 0.15), border: colorManipulator.alpha(orange, 0.4), solid: orange }
  }
  const rich = { good: colors.success, warning: colors.warning, bad: colors.error, info: colors.info }[tone]
  return { text: rich.text, soft: rich.transparent, border: rich.borderTransparent, solid: rich.main }
}
