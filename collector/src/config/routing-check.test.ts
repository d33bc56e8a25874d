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

it('wants each name once, and a chain that repeats at most five times', () => {
  const chain = '{ name: night, steps: [{ receiver: log }] }'
  expect(problemsOf(`escalations: [${chain}, ${chain}]`)).toContain('another escalation is called "night" already')
  expect(problemsOf(`escalations: [{ name: night, steps: [{ receiver: log }], repeat: 6 }]`)).toContain('escalations[0].repeat')
})
