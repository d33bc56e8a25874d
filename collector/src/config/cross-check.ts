import type { z } from 'zod'
import { intervalsOf, receiversOf } from '../alerts/routing/route.ts'
import { didYouMean, type Problem } from './problems.ts'
import type { configSchema } from './schema.ts'

type Checked = Pick<
  z.output<typeof configSchema>,
  'tokens' | 'components' | 'rules' | 'receivers' | 'route' | 'time_intervals' | 'heartbeat'
>

/** Checks references between parts of the configuration. No check depends on the order of another. */
export function crossCheck(config: Checked): readonly Problem[] {
  const { tokens, components, rules, receivers, route } = config
  const intervalNames = config.time_intervals.map(({ name }) => name)
  const receiverNames = receivers.map(({ name }) => name)
  return [
    ...doubles(
      'tokens',
      tokens.map(({ hash }) => hash),
      () => 'is the same token as another',
    ),
    ...doubles(
      'rules',
      rules.map(({ name }) => name),
      (name) => `another rule is called "${name}" already`,
    ),
    ...doubles('receivers', receiverNames, (name) => `another receiver is called "${name}" already`),
    ...doubles(
      'components',
      components.map(({ name, environment }) => `${name} (${environment})`),
      (name) => `another component is called ${name} already`,
    ),
    ...(route ? receiversOf(route) : [])
      .filter((name) => !receiverNames.includes(name))
      .map((name) => ({ path: ['route'], message: `there is no receiver "${name}"${didYouMean(name, receiverNames)}` })),
    ...(config.heartbeat && !receiverNames.includes(config.heartbeat.receiver)
      ? [
          {
            path: ['heartbeat', 'receiver'],
            message: `there is no receiver "${config.heartbeat.receiver}"${didYouMean(config.heartbeat.receiver, receiverNames)}`,
          },
        ]
      : []),
    ...doubles('time_intervals', intervalNames, (name) => `another time interval is called "${name}" already`),
    ...(route ? intervalsOf(route) : [])
      .filter((name) => !intervalNames.includes(name))
      .map((name) => ({ path: ['route'], message: `there is no time interval "${name}"${didYouMean(name, intervalNames)}` })),
  ]
}

/** A problem for each value that stands earlier in the list already. */
function doubles(section: string, values: readonly string[], message: (value: string) => string): Problem[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [{ path: [section, index], message: message(value) }] : []))
}
