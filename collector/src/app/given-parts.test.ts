// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of the configuration file is what is tested.
import { expect, it } from 'vitest'
import { withParts } from './alerting-config.ts'
import { partsOfFile, partsOfRequest } from './given-parts.ts'
import { configOf } from './replay-scenario.ts'

const rule = 'name: Slow\nsource: { measurement: http, field: latency }\ncondition: { above: 500 }\n'
const listed = `- ${rule.trim().replaceAll('\n', '\n  ')}\n`
const file = `server: { host: "\${NOT_SET}" }\nrules:\n  ${listed.trim().replaceAll('\n', '\n  ')}\n`
const inForce = configOf('receivers: [{ name: ops, type: log }]\npresets: []')

it('takes a file of which only alerting is looked at, a list of rules, or one rule', () => {
  const slow = { name: 'Slow', source: { measurement: 'http', field: 'latency' }, condition: { above: 500 } }
  expect(partsOfFile('try.yaml', `${file}route: { receiver: ops }`, {}).parts).toEqual({ rules: [slow], route: { receiver: 'ops' } })
  expect(partsOfFile('try.yaml', listed, {}).parts).toEqual({ rules: [slow] })
  expect(partsOfRequest({ config: {}, yaml: rule }).parts).toEqual({ rules: [slow] })
  expect(partsOfRequest({ config: { presets: [] } }).parts).toEqual({ presets: [] })
})

it('fills in our environment for a file of ours, and never for what was sent', () => {
  const named = rule.replace('Slow', '"${NAME}"')
  expect(partsOfFile('try.yaml', named, { NAME: 'Slow' }).parts).toMatchObject({ rules: [{ name: 'Slow' }] })
  expect(() => partsOfFile('try.yaml', named, {})).toThrow('try.yaml:1:7: ${NAME} is not set in the environment')
  expect(partsOfRequest({ config: {}, yaml: named }).parts).toMatchObject({ rules: [{ name: '${NAME}' }] })
})

/** What people write, and what they are told of it in a file, and of the same text in a request. */
const mistakes: readonly (readonly [mistake: string, text: string, place: string, told: string])[] = [
  ['nothing', '', '', 'holds none of presets, rules, route,'],
  ['words', 'just words', '', 'is no mapping. Write a rule, a list of rules,'],
  ['other parts only', 'server: { port: 1 }', '', 'holds none of presets, rules, route,'],
  ['no YAML', 'rules: [', '1:9', 'is not YAML'],
  ['a misspelt part', 'rule: []', '1:1', 'rule: unknown key, did you mean "rules"?'],
  ["Prometheus's rules", 'groups: []', '1:1', 'groups: unknown key: rules stand in one list, "rules", without groups'],
  ['a misspelt key of a file', `${file}    serverity: high\n`, '6:5', 'rules[0].serverity: unknown key, did you mean "severity"?'],
  ['a misspelt key in a list', `${listed}  serverity: high\n`, '4:3', 'rules[0].serverity: unknown key, did you mean "severity"?'],
  ['a misspelt key of one rule', `${rule}serverity: high\n`, '4:1', 'rules[0].serverity: unknown key, did you mean "severity"?'],
  ['no condition', rule.replace(/condition.*\n/, ''), '', 'rules[0].condition: is missing (a group of settings)'],
  ['no unit', `${rule}for: 300\n`, '4:6', 'rules[0].for: 300 has no unit; write it like 300s or 300m'],
  [
    'a receiver of nobody',
    `${file}route:\n  receiver: chat\n`,
    '7:13',
    'route.receiver: there is no receiver "chat"; the only receiver is ops',
  ],
  ['two rules of one name', `${listed}${listed}`, '4:3', 'rules[1]: another rule is called "Slow" already'],
  [
    'a rule that looks at one that is not there',
    `${listed}- { name: Both, kind: composite, expression: { and: [Slow, Cold] } }\n`,
    '4:46',
    'rules[1].expression: there is no rule "Cold"',
  ],
  ['an unknown preset', 'presets: [hosts]', '1:11', 'presets[0]: must be one of'],
]

it.each(mistakes)('%s is told with its place', (_, text, place, told) => {
  const [line, column] = place.split(':')
  const ofFile = () => withParts(inForce, partsOfFile('try.yaml', text, {}))
  expect(ofFile).toThrow(`try.yaml${place === '' ? '' : `:${place}`}: ${told}`)
  const ofRequest = () => withParts(inForce, partsOfRequest({ config: {}, yaml: text }))
  expect(ofRequest).toThrow(`${place === '' ? 'the text' : `line ${line}, column ${column}`}: ${told}`)
})

it('lists all that is wrong', () => {
  const text = `${rule}serverity: high\nfor: 300\n`
  expect(() => withParts(inForce, partsOfFile('try.yaml', text, {}))).toThrow(
    /^The configuration to replay has 2 problems:\n {2}try\.yaml:\d/,
  )
})
