import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { colorManipulator, createTheme } from '@grafana/data'
import { getTextColorForBackground } from '@grafana/ui'
import { expect, it } from 'vitest'

const folder = join(import.meta.dirname, '../../../dashboards')

/** What WCAG 2.1 asks of text of an ordinary size. */
const contrastMin = 4.5

type Property = { readonly id: string; readonly value: unknown }
type Mapping = { readonly options: Readonly<Record<string, { readonly text: string; readonly color: string }>> }
type Dashboard = { readonly panels: readonly { readonly fieldConfig?: { readonly overrides: readonly { properties: Property[] }[] } }[] }

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
    return colorManipulator.getContrastRatio(getTextColorForBackground(background), background) < contrastMin
  })
  expect(faint).toEqual([])
})
