import { z } from 'zod'
import type { Part } from './converted.ts'

type Config = Readonly<Record<string, unknown>>
/** What all receivers of Alertmanager share. */
export type Globals = Config

export const theirReceiver = z.looseObject({ name: z.string() })

export type TheirReceiver = z.output<typeof theirReceiver>

type Made = { readonly keys: Config; readonly notes: readonly string[] }
type Kind = {
  readonly type: string
  readonly tellsEnds: boolean
  /** The settings of theirs that are looked at; others are named as left behind. */
  readonly reads: readonly string[]
  make(config: Config, globals: Globals, secret: (of: string) => string): Made
}

const webhookSettings = ['webhook_url', 'webhook_url_file']

/** How each kind of Alertmanager's is one of ours. Secrets are not repeated: the environment has them, or their files. */
const kinds: Readonly<Record<string, Kind>> = {
  email_configs: {
    type: 'email',
    tellsEnds: false,
    reads: ['smarthost', 'auth_username', 'auth_password', 'auth_password_file', 'require_tls', 'from', 'to'],
    make: toEmail,
  },
  slack_configs: {
    type: 'slack',
    tellsEnds: false,
    reads: ['api_url', 'api_url_file', 'channel'],
    make: (config, globals, secret) => ({
      keys: ofFile('url', config.api_url_file ?? globals.slack_api_url_file) ?? { url: secret('URL') },
      notes: config.channel === undefined ? [] : [`the channel is that of the webhook, not ${config.channel}`],
    }),
  },
  pagerduty_configs: {
    type: 'pagerduty',
    tellsEnds: true,
    reads: ['routing_key', 'routing_key_file', 'service_key', 'service_key_file'],
    make: (config, _, secret) => ({
      keys: ofFile('routing_key', config.routing_key_file) ?? { routing_key: secret('KEY') },
      notes:
        config.service_key === undefined && config.service_key_file === undefined
          ? []
          : ['it wants the key of an "Events API v2" integration'],
    }),
  },
  webhook_configs: {
    type: 'webhook',
    tellsEnds: true,
    reads: ['url', 'url_file', 'max_alerts', 'http_config'],
    make: (config, _, secret) => ({
      keys: {
        ...(ofFile('url', config.url_file) ?? { url: isPlainAddress(config.url) ? config.url : secret('URL') }),
        ...(config.max_alerts !== undefined && { max_alerts: config.max_alerts }),
      },
      notes: config.http_config === undefined ? [] : ['http_config: write what it needs as headers'],
    }),
  },
  discord_configs: { type: 'discord', tellsEnds: true, reads: webhookSettings, make: ofWebhook },
  msteams_configs: { type: 'teams', tellsEnds: true, reads: webhookSettings, make: ofTeams },
  msteamsv2_configs: { type: 'teams', tellsEnds: true, reads: webhookSettings, make: ofTeams },
}

function ofWebhook(config: Config, _: Globals, secret: (of: string) => string): Made {
  return { keys: ofFile('url', config.webhook_url_file) ?? { url: secret('URL') }, notes: [] }
}

function ofTeams(config: Config, globals: Globals, secret: (of: string) => string): Made {
  return { ...ofWebhook(config, globals, secret), notes: ['the address is that of a flow "When a Teams webhook request is received"'] }
}

function toEmail(config: Config, globals: Globals, secret: (of: string) => string): Made {
  const [host = '', port = '25'] = String(config.smarthost ?? globals.smtp_smarthost ?? '').split(/:(?=\d+$)/)
  const username = config.auth_username ?? globals.smtp_auth_username
  const needsTls = (config.require_tls ?? globals.smtp_require_tls ?? true) !== false
  const password = ofFile('password', config.auth_password_file ?? globals.smtp_auth_password_file) ?? { password: secret('PASSWORD') }
  return {
    keys: {
      host,
      port: Number(port),
      security: port === '465' ? 'tls' : needsTls ? 'starttls' : 'none',
      ...(username !== undefined && { username, ...password }),
      from: config.from ?? globals.smtp_from ?? '',
      to: String(config.to ?? '')
        .split(',')
        .map((one) => one.trim()),
    },
    notes: [],
  }
}

/** `tokenFile` beside `token`: every secret of ours may come from a file. */
function ofFile(key: string, file: unknown): Config | undefined {
  return file === undefined ? undefined : { [`${key}File`]: file }
}

/** An address without a user, a question and a long word in it is no secret. */
function isPlainAddress(url: unknown): boolean {
  return typeof url === 'string' && !/[@?]|[\w-]{20,}/.test(url)
}

/** Settings that are texts of their own, which we have none of. */
const wordings = new Set([
  'title',
  'text',
  'html',
  'headers',
  'description',
  'message',
  'body',
  'fallback',
  'pretext',
  'fields',
  'actions',
  'details',
])

export function configsOf(receiver: TheirReceiver): readonly (readonly [key: string, index: number, config: Config])[] {
  return Object.entries(receiver).flatMap(([key, configs]) =>
    key.endsWith('_configs') && Array.isArray(configs) ? configs.map((config, index) => [key, index, config as Config] as const) : [],
  )
}

/** One of ours for each way in which a receiver of theirs tells; for one that tells nobody, the collector's log. */
export function toReceivers(theirs: TheirReceiver, globals: Globals) {
  const configs = configsOf(theirs)
  const isAlone = configs.filter(([key]) => kinds[key]).length === 1
  const parts: Part[] = []
  const left: { path: readonly PropertyKey[]; why: string }[] = []
  for (const [key, index, config] of configs) {
    const kind = kinds[key]
    if (!kind) {
      left.push({ path: [key, index], why: `${key} has no counterpart; a webhook can tell whoever tells that service` })
      continue
    }
    const taken = parts.filter(({ value }) => value.type === kind.type).length
    const name = isAlone ? theirs.name : `${theirs.name}-${kind.type}${taken === 0 ? '' : `-${taken + 1}`}`
    parts.push(toPart(name, kind, config, globals))
  }
  if (parts.length > 0) return { parts, left }
  const note =
    configs.length === 0
      ? 'it tells nobody; here the collector writes it into its log'
      : 'nothing of it has a counterpart: the collector writes into its log what it should be told'
  return { parts: [{ value: { name: theirs.name, type: 'log' }, notes: [note] }], left }
}

function toPart(name: string, kind: Kind, config: Config, globals: Globals): Part {
  const variables: string[] = []
  const secret = (of: string) => {
    const variable = `${name
      .toUpperCase()
      .replaceAll(/\W+/g, '_')
      .replace(/^(?=\d)/, '_')}_${of}`
    variables.push(variable)
    return `\${${variable}}`
  }
  const { keys, notes } = kind.make(config, globals, secret)
  const used = variables.filter((variable) => JSON.stringify(keys).includes(variable))
  const unread = Object.keys(config).filter((key) => key !== 'send_resolved' && !kind.reads.includes(key))
  const own = unread.filter((key) => wordings.has(key))
  const others = unread.filter((key) => !wordings.has(key))
  return {
    value: { name, type: kind.type, ...keys },
    notes: [
      ...notes,
      ...(used.length > 0 ? [`set ${used.join(', ')} in the environment: secrets are not repeated here`] : []),
      ...((config.send_resolved ?? kind.tellsEnds)
        ? []
        : ['Alertmanager told it of no ends: "send_resolved: false" on its routes does the same']),
      ...(own.length > 0 ? [`${own.join(', ')}: its texts are Tidewatch's own`] : []),
      ...(others.length > 0 ? [`${others.join(', ')}: not brought over`] : []),
    ],
  }
}
