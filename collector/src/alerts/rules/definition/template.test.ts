import { expect, it, test } from 'vitest'
import { expand, templateWords, wrongTemplate } from './template.ts'

it('is a text that says so when it cannot be read', () => {
  expect(expand('x {{#labels}}', { labels: {} })).toMatch(/^<error expanding template: Unclosed section/)
  expect(expand('{{labels.host}} at {{value}}', { labels: { host: 'a' }, value: '5' })).toBe('a at 5')
})

test.each([
  ['no braces at all', undefined],
  ['{{value}} of {{labels.host}}, {{facts.part}}{{#labels.shop}} in {{labels.shop}}{{/labels.shop}}', undefined],
  ['{{ $value }}', /^\{\{\$value\}\} is not known: write \{\{value\}\}; there are \{\{value\}\}, /],
  ['{{ $labels.host }}', /: write \{\{labels\.host\}\};/],
  ['{{valeu}}', /^\{\{valeu\}\} is not known; there are /],
  ['{{#labels}}', /^is no template: Unclosed section/],
])('%s: what is wrong with a template is known before it is needed', (template, expected) => {
  const wrong = wrongTemplate(template, templateWords)
  if (expected) expect(wrong).toMatch(expected)
  else expect(wrong).toBeUndefined()
})
