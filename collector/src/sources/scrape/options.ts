import { z } from 'zod'
import { durationSchema } from '../../lib/duration.ts'

const pattern = z.string().refine(isPattern, 'must be a regular expression')

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').global === false
  } catch {
    return false
  }
}

const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be the name of a label: letters, digits and underscores')
const labels = z.record(labelName, z.string())
const pem = z.string().min(1).optional()

export const scrapeOptions = z
  .object({
    job: z.string().min(1).max(200).describe('The label job of every sample.'),
    targets: z
      .array(z.string().min(1))
      .max(10_000)
      .optional()
      .describe('Addresses such as web-1:9100; without a port, that of the scheme.'),
    files: z
      .array(z.string().min(1))
      .max(100)
      .optional()
      .describe("Files with targets, JSON or YAML in the form of Prometheus's file_sd; * stands for any name."),
    filesInterval: durationSchema.prefault('10s').describe('How often the files are looked at.'),
    interval: durationSchema.refine((ms) => ms >= 1000, 'must be at least 1s').prefault('15s'),
    timeout: durationSchema
      .refine((ms) => ms > 0, 'must be more than 0')
      .prefault('10s')
      .describe('At most the interval.'),
    scheme: z.enum(['http', 'https']).default('http'),
    path: z.string().startsWith('/').default('/metrics'),
    params: z
      .record(z.string(), z.union([z.string(), z.array(z.string())]))
      .default({})
      .describe('Added to the address: module: [http_2xx].'),
    labels: labels.default({}).describe('Added to every sample.'),
    honorLabels: z
      .boolean()
      .default(false)
      .describe("The page's own labels win over job, instance and labels; otherwise they become exported_job and so on."),
    honorTimestamps: z.boolean().default(true).describe('Samples keep the times the page gives them.'),
    keep: z.array(pattern).max(100).default([]).describe('Only metrics whose whole name matches one of these.'),
    drop: z.array(pattern).max(100).default([]).describe('No metrics whose whole name matches one of these.'),
    bodyBytesMax: z.int().min(1).default(10_000_000).describe('A larger page fails the scrape.'),
    samplesMax: z.int().min(1).default(50_000).describe('More samples fail the scrape.'),
    username: z.string().min(1).optional(),
    password: z.string().optional(),
    passwordFile: z.string().min(1).optional().describe('Read anew for each scrape.'),
    token: z.string().min(1).optional().describe('Sent as Authorization: Bearer.'),
    tokenFile: z.string().min(1).optional().describe('Read anew for each scrape.'),
    ca: pem.describe('Certificates to trust, in PEM; caFile for a file.'),
    cert: pem.describe('Our certificate, in PEM; certFile for a file.'),
    key: pem.describe('Its key; keyFile for a file.'),
    serverName: z.string().min(1).optional().describe('The name the certificate must have, when it is not that of the target.'),
    insecureSkipVerify: z.boolean().default(false).describe('Takes any certificate.'),
  })
  .refine(({ targets = [], files = [] }) => targets.length + files.length > 0, { error: 'give targets or files', path: ['targets'] })
  .refine(({ timeout, interval }) => timeout <= interval, { error: 'must not be longer than the interval', path: ['timeout'] })
  .refine(({ token, tokenFile, username }) => [token, tokenFile, username].filter((one) => one !== undefined).length < 2, {
    error: 'give token, tokenFile or username: at most one',
    path: ['token'],
  })
  .refine(({ password, passwordFile }) => password === undefined || passwordFile === undefined, {
    error: 'give password or passwordFile, not both',
    path: ['password'],
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), { error: 'cert and key go together', path: ['cert'] })

export type ScrapeOptions = z.output<typeof scrapeOptions>
