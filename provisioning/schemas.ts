import { z } from 'zod'

/**
 * What each provisioning file of Grafana 13.2 may say, as far as this repository says it. Unknown keys
 * are refused: Grafana ignores most of them silently, and a mistyped one is found on the night it matters.
 * https://grafana.com/docs/grafana/latest/administration/provisioning/
 */
const apiVersion = z.literal(1)
const uid = z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/)
const duration = z.string().regex(/^(\d+(ms|[smhdwy]))+$/)
const internalUrl = z.string().regex(/^http:\/\/[a-z]+:\d+(\/[\w/-]*)?$/, 'names a service of the compose file and its port')

const datasource = {
  name: z.string().min(1),
  uid,
  access: z.literal('proxy'),
  isDefault: z.boolean().optional(),
  editable: z.literal(false),
}

export const datasourcesSchema = z.strictObject({
  apiVersion,
  datasources: z.array(
    z.discriminatedUnion('type', [
      z.strictObject({
        ...datasource,
        type: z.literal('tidewatch-monitoring-datasource'),
        jsonData: z.strictObject({ url: internalUrl, minInterval: duration.optional() }),
        secureJsonData: z.strictObject({ readToken: z.string(), operateToken: z.string() }),
      }),
      z.strictObject({
        ...datasource,
        type: z.literal('influxdb'),
        url: internalUrl,
        user: z.string(),
        jsonData: z.strictObject({
          version: z.literal('InfluxQL'),
          dbName: z.string(),
          httpMode: z.enum(['GET', 'POST']),
          timeInterval: duration,
        }),
        secureJsonData: z.strictObject({ password: z.string() }),
      }),
      z.strictObject({
        ...datasource,
        type: z.literal('prometheus'),
        url: internalUrl,
        jsonData: z.strictObject({
          manageAlerts: z.literal(true),
          httpMethod: z.enum(['GET', 'POST']),
          httpHeaderName1: z.literal('Authorization'),
        }),
        secureJsonData: z.strictObject({ httpHeaderValue1: z.string().startsWith('Bearer ') }),
      }),
      z.strictObject({
        ...datasource,
        type: z.literal('alertmanager'),
        url: internalUrl,
        jsonData: z.strictObject({
          implementation: z.literal('prometheus'),
          handleGrafanaManagedAlerts: z.boolean(),
          httpHeaderName1: z.literal('Authorization'),
        }),
        secureJsonData: z.strictObject({ httpHeaderValue1: z.string().startsWith('Bearer ') }),
      }),
    ]),
  ),
})

export const dashboardsSchema = z.strictObject({
  apiVersion,
  providers: z.array(
    z.strictObject({
      name: z.string(),
      type: z.literal('file'),
      folder: z.string(),
      folderUid: uid,
      disableDeletion: z.boolean(),
      allowUiUpdates: z.boolean(),
      updateIntervalSeconds: z.int().min(10),
      options: z.strictObject({ path: z.string().startsWith('/'), foldersFromFilesStructure: z.boolean() }),
    }),
  ),
})

export const pluginsSchema = z.strictObject({
  apiVersion,
  apps: z.array(z.strictObject({ type: z.string(), org_id: z.int(), disabled: z.boolean() })),
})

const expressionUid = z.literal('__expr__')
const refId = z.string().regex(/^[A-Z]$/)

const influxQuery = z.strictObject({
  refId,
  datasourceUid: uid,
  relativeTimeRange: z.strictObject({ from: z.int().positive(), to: z.literal(0) }),
  model: z.strictObject({
    refId,
    rawQuery: z.literal(true),
    resultFormat: z.literal('time_series'),
    query: z.string(),
    intervalMs: z.int().positive(),
    maxDataPoints: z.int().positive(),
  }),
})
const reduce = z.strictObject({
  refId,
  datasourceUid: expressionUid,
  model: z.strictObject({
    refId,
    type: z.literal('reduce'),
    expression: refId,
    reducer: z.enum(['last', 'mean', 'max', 'min', 'sum', 'count']),
    settings: z.strictObject({ mode: z.enum(['dropNN', 'replaceNN']) }).optional(),
  }),
})
const limit = z.strictObject({ type: z.enum(['gt', 'lt']), params: z.array(z.number()).length(1) })
const range = z.strictObject({ type: z.enum(['within_range', 'outside_range']), params: z.array(z.number()).length(2) })
const evaluator = z.discriminatedUnion('type', [limit, range])
const threshold = z.strictObject({
  refId,
  datasourceUid: expressionUid,
  model: z.strictObject({
    refId,
    type: z.literal('threshold'),
    expression: refId,
    conditions: z.array(z.strictObject({ evaluator, unloadEvaluator: limit.optional() })).length(1),
  }),
})

export const ruleSchema = z.strictObject({
  uid,
  title: z.string(),
  condition: refId,
  /** Query, then reduce to one number a series, then threshold. */
  data: z.tuple([influxQuery, reduce, threshold]),
  for: duration,
  keepFiringFor: duration.optional(),
  noDataState: z.enum(['NoData', 'OK', 'Alerting', 'KeepLast']),
  execErrState: z.enum(['Error', 'OK', 'Alerting', 'KeepLast']),
  isPaused: z.boolean().optional(),
  labels: z.record(z.string(), z.string()),
  annotations: z.strictObject({ summary: z.string(), description: z.string() }),
  dashboardUid: uid.optional(),
  panelId: z.int().positive().optional(),
})
const ruleGroup = z.strictObject({
  orgId: z.literal(1),
  name: z.string(),
  folder: z.string(),
  interval: duration,
  rules: z.array(ruleSchema).min(1),
})

const receiver = { uid, disableResolveMessage: z.boolean() }
const webhook = z.strictObject({
  ...receiver,
  type: z.literal('webhook'),
  settings: z.strictObject({
    url: internalUrl,
    httpMethod: z.literal('POST'),
    // Without a header for the time, a recorded message could be played back.
    hmacConfig: z.strictObject({ secret: z.string(), header: z.string(), timestampHeader: z.string() }),
  }),
})
const email = z.strictObject({
  ...receiver,
  type: z.literal('email'),
  settings: z.strictObject({ addresses: z.string(), singleEmail: z.boolean(), subject: z.string(), message: z.string() }),
})
const contactPoint = z.strictObject({
  orgId: z.literal(1),
  name: z.string(),
  receivers: z.array(z.discriminatedUnion('type', [webhook, email])).min(1),
})

const matcher = z.tuple([z.string(), z.enum(['=', '!=', '=~', '!~']), z.string()])
const timing = { group_wait: duration.optional(), group_interval: duration.optional(), repeat_interval: duration.optional() }
const route = z.strictObject({
  receiver: z.string(),
  continue: z.boolean().optional(),
  object_matchers: z.array(matcher).min(1).optional(),
  mute_time_intervals: z.array(z.string()).optional(),
  ...timing,
})
const policy = z.strictObject({
  orgId: z.literal(1),
  receiver: z.string(),
  group_by: z.array(z.string()).min(1),
  ...timing,
  routes: z.array(route),
})

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const muteTime = z.strictObject({
  orgId: z.literal(1),
  name: z.string(),
  time_intervals: z
    .array(
      z.strictObject({
        times: z.array(z.strictObject({ start_time: clockTime, end_time: clockTime })).optional(),
        weekdays: z.array(z.enum(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'])).optional(),
        months: z.array(z.string()).optional(),
        days_of_month: z.array(z.string()).optional(),
      }),
    )
    .min(1),
})
const template = z.strictObject({ orgId: z.literal(1), name: z.string(), template: z.string() })

/** Each file may hold any of the parts; together they are one configuration. */
export const alertingSchema = z.strictObject({
  apiVersion,
  groups: z.array(ruleGroup).default([]),
  contactPoints: z.array(contactPoint).default([]),
  policies: z.array(policy).default([]),
  muteTimes: z.array(muteTime).default([]),
  templates: z.array(template).default([]),
})

export type Datasources = z.output<typeof datasourcesSchema>['datasources']
export type Alerting = z.output<typeof alertingSchema>
export type Rule = z.output<typeof ruleSchema>
