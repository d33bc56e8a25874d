import { z } from 'zod'
import { defineNotifier } from '../../model/kinds.ts'
import { changesFor, deploymentsOption } from '../shared/change-option.ts'
import { timeoutOption } from '../shared/timeout-option.ts'
import { createChangeMail, createMail } from './mail.ts'
import { createSmtp } from './smtp.ts'

const address = z.string().regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+[^\r\n]*$/, 'must be an address such as ops@example.org')

const schema = z
  .strictObject({
    host: z.string().min(1).meta({ description: 'The mail server.' }),
    port: z.int().min(1).max(65_535).default(587),
    security: z.enum(['starttls', 'tls', 'none']).default('starttls').meta({
      description: 'starttls refuses to go on without it; tls is for port 465; none is for a relay on this machine.',
    }),
    ca: z.string().min(1).optional().meta({ description: 'The certificate (PEM) of an authority of your own.' }),
    username: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    from: address,
    to: z.union([address, z.array(address).min(1).max(100)]),
    deployments: deploymentsOption,
    audiences: z.record(z.string().min(1).max(200), z.array(address).min(1).max(100)).default({}).meta({
      description: 'Who is told of deployments, by environment; to is for environments not named.',
    }),
    timeout: timeoutOption('30s'),
  })
  .refine(({ username, password }) => (username === undefined) === (password === undefined), 'username and password go together')

/** E-mail over SMTP: text and HTML, one thread for each group. */
export const email = defineNotifier({
  type: 'email',
  schema,
  create({ host, port, security, ca, username, password, from, to, timeout, deployments, audiences }, doors) {
    const send = createSmtp({ host, port, security, ca, username, password, timeoutMs: timeout }, doors.clock)
    return {
      send: (notification, signal) => send(createMail(notification, { from, to: [to].flat() }), signal),
      ...changesFor(deployments, (news, signal) =>
        send(createChangeMail(news, { from, to: audiences[news.change.environment] ?? [to].flat() }), signal),
      ),
    }
  },
})
