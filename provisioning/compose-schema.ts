import { z } from 'zod'

/**
 * The part of the compose file format that docker-compose.yml uses.
 * https://github.com/compose-spec/compose-spec/blob/main/spec.md
 */
const duration = z.string().regex(/^\d+[smh]$/)
const bind = z.strictObject({
  type: z.literal('bind'),
  source: z.string().startsWith('./'),
  target: z.string().startsWith('/'),
  read_only: z.literal(true),
  bind: z.strictObject({ create_host_path: z.literal(false) }),
})

const service = z.strictObject({
  /** A full version: `latest` changes under one's feet. */
  image: z.string().regex(/^(tidewatch-collector|[a-z/]+:\d+\.\d+\.\d+)$/, 'a full version and no variant'),
  build: z.strictObject({ context: z.literal('.'), dockerfile: z.string() }).optional(),
  hostname: z.string().optional(),
  restart: z.literal('unless-stopped'),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
  /** Written as text: YAML would turn `true` into something compose refuses. */
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.union([z.string().regex(/^[^:]+:\/[^:]+(:ro)?$/), bind])),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  stop_grace_period: duration.optional(),
  healthcheck: z.strictObject({
    test: z.tuple([z.literal('CMD')], z.string()),
    interval: duration,
    timeout: duration,
    retries: z.int().positive(),
    start_period: duration,
  }),
})

export const composeSchema = z.strictObject({
  name: z.string(),
  services: z.strictObject({ influxdb: service, collector: service, grafana: service }),
  volumes: z.record(z.string(), z.null()),
})

export type Compose = z.output<typeof composeSchema>
export type Service = Compose['services']['grafana']

/** What a service mounts: a folder of the repository, or a named volume. */
export function mountsOf(service: Service): { source: string; target: string; readOnly: boolean }[] {
  return service.volumes.map((volume) => {
    if (typeof volume !== 'string') return { source: volume.source, target: volume.target, readOnly: true }
    const [source = '', target = '', mode] = volume.split(':')
    return { source, target, readOnly: mode === 'ro' }
  })
}
