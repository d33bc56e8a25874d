// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of the configuration file is what is tested.
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { configSchema } from '../../config/schema.ts'
import { parseWith } from '../../lib/problems.ts'
import { alertmanagerFileSchema, fromAlertmanager } from './alertmanager.ts'
import { toYaml } from './converted.ts'

const wrapped = `
global: { smtp_smarthost: 'smtp.example.org:587', smtp_from: tidewatch@example.org, smtp_auth_username: tw, smtp_auth_password: hunter2, slack_api_url: 'https://hooks.slack.com/services/T0/B0/secret' }
templates: [/etc/alertmanager/*.tmpl]
route:
  receiver: 'null'
  group_by: [alertname, cluster]
  group_wait: 30s
  routes:
    - { match: { severity: page }, receiver: pager, continue: true }
    - { match_re: { service: "foo1|foo2" }, receiver: mails, mute_time_intervals: [weekend] }
    - { matchers: ['{service = "foo", severity=~"critical|page|warn"}'], receiver: chat }
    - { receiver: mails }
inhibit_rules:
  - { source_match: { severity: critical }, target_match_re: { severity: "warn|info" }, equal: [alertname] }
mute_time_intervals:
  - { name: weekend, time_intervals: [{ weekdays: [saturday] }] }
receivers:
  - name: 'null'
  - { name: mails, email_configs: [{ to: 'a@example.org, b@example.org', headers: { Subject: x } }] }
  - { name: pager, pagerduty_configs: [{ service_key: abc123 }], opsgenie_configs: [{ api_key: x }] }
  - name: chat
    slack_configs: [{ channel: '#ops', send_resolved: true, username: tw, http_config: { proxy_url: 'http://p' } }]
    webhook_configs: [{ url: 'http://bridge.example.org/hook' }, { url: 'http://user:pass@bridge.example.org/' }]
`

function converted(text: string) {
  const { data, problems } = parseWith(alertmanagerFileSchema, parse(text))
  expect(problems).toEqual([])
  if (!data) throw new Error('unreachable')
  const made = fromAlertmanager(data)
  return { ...made, yaml: toYaml(made) }
}

test('an Alertmanager configuration becomes a valid one of ours', () => {
  const { yaml } = converted(wrapped)
  const ours = parse(yaml)
  const filledIn = parse(yaml.replaceAll(/\$\{\w+\}/g, 'https://example.org/from-the-environment'))
  expect(parseWith(configSchema, filledIn).problems).toEqual([])
  expect(ours.route).toEqual({
    receiver: 'null',
    group_by: ['alertname', 'cluster'],
    group_wait: '30s',
    routes: [
      { matchers: ['severity="critical"'], receiver: 'pager', continue: true },
      { matchers: ['service=~"foo1|foo2"'], receiver: 'mails', mute_time_intervals: ['weekend'] },
      { matchers: ['service = "foo"', 'severity=~"critical|warning"'], receiver: ['chat-slack', 'chat-webhook', 'chat-webhook-2'] },
      { matchers: ['alertname=~".*"'], receiver: 'mails' },
    ],
  })
  expect(ours.inhibit_rules).toEqual([
    { source_matchers: ['severity="critical"'], target_matchers: ['severity=~"warning|info"'], equal: ['alertname'] },
  ])
  expect(ours.time_intervals.map(({ name }: { name: string }) => name)).toEqual(['weekend'])
})

test('each way in which a receiver tells is a receiver of its own', () => {
  const ours = parse(converted(wrapped).yaml)
  expect(ours.receivers).toEqual([
    { name: 'null', type: 'log' },
    {
      ...{ name: 'mails', type: 'email', host: 'smtp.example.org', port: 587, security: 'starttls', username: 'tw' },
      ...{ password: '${MAILS_PASSWORD}', from: 'tidewatch@example.org', to: ['a@example.org', 'b@example.org'] },
    },
    { name: 'pager', type: 'pagerduty', routing_key: '${PAGER_KEY}' },
    { name: 'chat-slack', type: 'slack', url: '${CHAT_SLACK_URL}' },
    { name: 'chat-webhook', type: 'webhook', url: 'http://bridge.example.org/hook' },
    { name: 'chat-webhook-2', type: 'webhook', url: '${CHAT_WEBHOOK_2_URL}' },
  ])
})

test('no secret is repeated, and what is to be set stands above its receiver', () => {
  const { yaml } = converted(wrapped)
  expect(yaml).not.toMatch(/hunter2|B0\/secret|abc123|user:pass/)
  expect(yaml).toContain('# set MAILS_PASSWORD in the environment')
  expect(yaml).toContain("# headers: its texts are Tidewatch's own")
})

test('a setting that is not looked at is named above its receiver', () => {
  const { yaml } = converted(wrapped)
  expect(yaml.match(/.*: not brought over/g)).toEqual(['  # username, http_config: not brought over'])
})

test('what has no counterpart is named with its place', () => {
  expect(converted(wrapped).left.map(({ path, what }) => [path.join('.'), what])).toEqual([
    ['receivers.2.opsgenie_configs.0', 'pager'],
    ['templates', 'templates'],
  ])
})

test('a root that says nothing of groups has one for all, as in Alertmanager', () => {
  expect(parse(converted('route: { receiver: a }\nreceivers: [{ name: a }]').yaml).route).toEqual({ receiver: 'a', group_by: [] })
})
