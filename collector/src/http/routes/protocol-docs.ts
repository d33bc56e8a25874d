import type { HttpApp } from '../env.ts'

const entries = [
  ['post', '/write', 'InfluxDB 1.x: line protocol; db is required and may be any name; precision n, u, ms, s, m or h.'],
  ['post', '/api/v2/write', 'InfluxDB 2.x: line protocol; org and bucket may be any; precision ns, us, ms or s.'],
  ['post', '/api/v3/write_lp', 'InfluxDB 3.x: line protocol; db may be any; precision auto, nanosecond … second; accept_partial.'],
  ['post', '/v1/metrics', 'OpenTelemetry: OTLP/HTTP metrics as protobuf or JSON; gzip is welcome.'],
  ['post', '/api/v1/write', 'Prometheus: remote write 1.0 and 2.0.'],
  ['put', '/metrics/job/{job}', 'Prometheus Pushgateway: replaces a group; POST replaces metrics of the same names, DELETE ends it.'],
  ['post', '/api/put', 'OpenTSDB: points as JSON, one or a list.'],
  ['post', '/api/v1/datapoints', 'KairosDB: metrics as JSON.'],
  ['post', '/collectd-post', "collectd's write_http: JSON or PUTVAL commands."],
  ['post', '/api/v1/hooks/grafana', 'Grafana: alerts of its webhook contact point, signed with HMAC.'],
  ['post', '/api/v1/hooks/alertmanager', 'Alertmanager: alerts of its webhook, version 4.'],
  ['post', '/api/v1/hooks/github', 'GitHub: deployments, from its webhook events.'],
  ['get', '/query', 'InfluxDB 1.x: CREATE DATABASE and SHOW DATABASES, for clients that ask before they write.'],
  ['get', '/ping', 'InfluxDB 1.x: answers 204 with its version header.'],
  ['get', '/prometheus/api/v1/rules', 'Prometheus: the rules and their alerts, for a datasource with manageAlerts.'],
  ['get', '/prometheus/api/v1/alerts', 'Prometheus: the active alerts.'],
] as const

/** What other systems' protocols look like is told in their own documents; ours says that they are spoken. */
export function describeProtocols(app: HttpApp): void {
  for (const [method, path, summary] of entries) {
    const responses = { default: { description: 'In the words of that protocol.' } }
    app.openAPIRegistry.registerPath({ method, path, tags: ['Other protocols'], summary, responses })
  }
}
