import { expect, it } from 'vitest'
import { loadConfig } from './load.ts'

const problemsOf = (yaml: string): string => {
  try {
    loadConfig({ flags: { config: 'x' }, env: {}, files: { exists: () => true, read: () => yaml } })
    return ''
  } catch (thrown) {
    return (thrown as Error).message
  }
}

it('names each receiver, time interval and escalation that is not there', () => {
  const message = problemsOf(`
route: { receiver: lag, escalation: nite, routes: [{ matchers: ['a="b"'], mute_time_intervals: [nights] }] }
escalations:
  - { name: night, steps: [{ receiver: phones }], quiet_hours: { time_intervals: [lunch] }, hand_off: pager }
heartbeat: { receiver: nobody }
`)
  for (const part of ['receiver "lag", did you mean "log"?', 'escalation "nite"', 'time interval "nights"', 'receiver "phones"']) {
    expect(message).toContain(`there is no ${part}`)
  }
  for (const part of ['time interval "lunch"', 'receiver "pager"', 'receiver "nobody"']) expect(message).toContain(`there is no ${part}`)
})

it.each([
  ['route: { receiver: log, group_interval: 0s }', 'route.group_interval: must be at least 1s'],
  ['route: { receiver: log, repeat_interval: 10ms }', 'route.repeat_interval: must be at least 1s'],
  ['heartbeat: { receiver: log, every: 0s }', 'heartbeat.every: must be at least 1s'],
  ['receivers: [{ name: a, type: webhook, url: "http://x", timeout: 0s }]', 'receivers[0].timeout: must be between 100ms and 5m'],
  ['receivers: [{ name: a, type: alertmanager, url: "http://x", hold: 0s }]', 'receivers[0].hold: must be at least 1m'],
])('refuses what would never rest, or never work: %s', (yaml, problem) => {
  expect(problemsOf(yaml)).toContain(problem)
})

it('wants each name once, and a chain that repeats at most five times', () => {
  const chain = '{ name: night, steps: [{ receiver: log }] }'
  expect(problemsOf(`escalations: [${chain}, ${chain}]`)).toContain('another escalation is called "night" already')
  expect(problemsOf(`escalations: [{ name: night, steps: [{ receiver: log }], repeat: 6 }]`)).toContain('escalations[0].repeat')
})
