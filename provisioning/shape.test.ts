import { describe, expect, it } from 'vitest'
import { type Breakable, broken, grafanaOf, rulesOf, sourcesOf } from './broken-tree.ts'
import { shapeProblems } from './checks.ts'

describe('a file of another shape is refused', () => {
  const cases: [string, (tree: Breakable) => void, RegExp][] = [
    ['with an unknown key', (tree) => Object.assign(sourcesOf(tree)[0], { readOnly: true }), /unrecognized key.*readOnly/i],
    ['with a rule that has no threshold', (tree) => rulesOf(tree)[0].data.pop(), /rules/],
    ['with an alert state Grafana does not know', (tree) => Object.assign(rulesOf(tree)[0], { noDataState: 'Ok' }), /noDataState/],
    ['in a folder Grafana does not read', (tree) => Object.assign(tree.provisioning, { 'rules/x.yaml': {} }), /reads no such folder/],
    [
      'with a time that is none',
      (tree) => {
        tree.provisioning['alerting/mute-times.yaml'].muteTimes[0].time_intervals[0].times[0].end_time = '24:00'
      },
      /end_time/,
    ],
    [
      'with a slim image',
      (tree) => Object.assign(grafanaOf(tree), { image: 'grafana/grafana:13.2.2-slim' }),
      /full version and no variant/,
    ],
    [
      'with an image that changes under one’s feet',
      (tree) => Object.assign(grafanaOf(tree), { image: 'grafana/grafana:latest' }),
      /full version/,
    ],
    ['without a health check', (tree) => delete grafanaOf(tree).healthcheck, /healthcheck/],
    [
      'with a truth value in the environment',
      (tree) => Object.assign(grafanaOf(tree).environment, { GF_SMTP_ENABLED: true }),
      /GF_SMTP_ENABLED/,
    ],
  ]
  for (const [title, breakIt, problem] of cases) {
    it(title, () => {
      expect(shapeProblems(broken(breakIt)).join('\n')).toMatch(problem)
    })
  }
})
