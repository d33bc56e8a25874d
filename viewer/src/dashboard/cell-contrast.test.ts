import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTheme } from '@grafana/data'
import { expect, it } from 'vitest'

const folder = join(import.meta.dirname, '../../../dashboards')

/** What WCAG 2.1 asks of text of an ordinary size. */
const contrastMin = 4.5
/** Grafana writes light on what is darker than this, and dark on the rest. */
const brightnessOfDarkMax = 180
const [light, dark] = ['#f7f8fa', '#202226']

type Property = { readonly id: string; readonly value: unknown }
type Mapping = { readonly options: Readonly<Record<string, { readonly text: string; readonly color: string }>> }
type Dashboard = { readonly panels: readonly { readonly fieldConfig?: { readonly overrides: readonly { properties: Property[] }[] } }[] }

const channels = (color: string) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
    const part = value / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [less = 0, more = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (more + 0.05) / (less + 0.05)
}

function textOn(background: string): string {
  const [red = 0, green = 0, blue = 0] = channels(background)
  return (red * 299 + green * 587 + blue * 114) / 1000 > brightnessOfDarkMax ? dark : light
}

/** The words that are written on a colour, whole cells of it. */
function wordsOnColor(): { word: string; color: string }[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  const dashboards = files.map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Dashboard)
  const fields = dashboards.flatMap(({ panels }) => panels).flatMap(({ fieldConfig }) => fieldConfig?.overrides ?? [])
  const colored = fields.filter(({ properties }) =>
    properties.some(({ value }) => (value as { type?: string }).type === 'color-background'),
  )
  const mappings = colored.flatMap(({ properties }) => properties.filter(({ id }) => id === 'mappings'))
  return mappings
    .flatMap(({ value }) => value as Mapping[])
    .flatMap(({ options }) => Object.values(options))
    .map(({ text, color }) => ({ word: text, color }))
}

it.each(['dark', 'light'] as const)('every word in a coloured cell can be read in the %s theme', (mode) => {
  const { visualization } = createTheme({ colors: { mode } })
  const words = wordsOnColor()
  expect(words.length).toBeGreaterThan(0)
  const faint = words.filter(({ color }) => {
    const background = visualization.getColorByName(color)
    return contrast(background, textOn(background)) < contrastMin
  })
  expect(faint).toEqual([])
})
