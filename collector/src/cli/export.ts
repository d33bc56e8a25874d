import { createWriteStream } from 'node:fs'
import { Readable, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { Command } from 'commander'
import { createKinds } from '../app/create-kinds.ts'
import { type ExportQuestion, toExportRequest } from '../http/routes/store.ts'
import { systemClock } from '../lib/clock.ts'
import { AppError } from '../lib/errors.ts'
import { createLog } from '../lib/log.ts'
import { tokenOption, urlOption } from './collector-client.ts'
import { configOf } from './config-option.ts'
import { createProgress } from './progress.ts'

type Options = {
  readonly url?: string
  readonly token?: string
  readonly config?: string
  readonly data?: string
  readonly from?: string
  readonly to?: string
  readonly measurement?: string
  readonly where: readonly string[]
}

const defaultUrl = 'http://127.0.0.1:8484'

export function exportCommand(): Command {
  return new Command('export')
    .description('Writes what the embedded store holds as line protocol, which InfluxDB and "tidewatch import" read.')
    .argument('[file]', 'where to; .gz at its end compresses it (default: standard output)')
    .option('--from <time>', 'RFC 3339, milliseconds since 1970, or a duration before now such as 6h')
    .option('--to <time>', 'the same; points at this time and later are left out')
    .option('--measurement <name>', 'only this measurement')
    .option('--where <filter>', 'only series with tag=value, tag!=value, tag=~expression or tag!~expression; may be repeated', collect, [])
    .addOption(urlOption(`where the collector listens (default: ${defaultUrl}; when none runs there, its files are opened)`))
    .addOption(tokenOption('read'))
    .option('--config <file>', 'the configuration file of a collector that does not run (default: tidewatch.yaml)')
    .option('--data <dir>', 'where its data lies (default: ./data)')
    .action(runExport)
}

const collect = (value: string, before: readonly string[]) => [...before, value]

async function runExport(file: string | undefined, options: Options): Promise<void> {
  const answered = await askCollector(options)
  if (answered) return write(answered, file)
  const log = createLog('error')
  const flags = {
    ...(options.config !== undefined && { config: options.config }),
    ...(options.data !== undefined && { data: options.data }),
  }
  const config = configOf(flags)
  const { store } = createKinds(config, { log, clock: systemClock, fetch, dataDir: config.data })
  if (!store.export) throw new AppError('CONFLICT', `The store ${store.kind} is not exported by Tidewatch; use its own tools.`)
  await store.start()
  try {
    await write(Readable.from(store.export(toExportRequest(questionOf(options), systemClock.now()))), file)
  } finally {
    await store.stop()
  }
}

/** Nothing when no collector answers, and none was named: DuckDB lets one process at a time open a file. */
async function askCollector(options: Options): Promise<Readable | undefined> {
  const url = options.url ?? defaultUrl
  const headers = options.token ? { authorization: `Bearer ${options.token}` } : {}
  const { where, ...rest } = questionOf(options)
  const query = new URLSearchParams([...Object.entries(rest), ...where.map((one): [string, string] => ['where', one])])
  if (options.url === undefined && options.data !== undefined) return undefined
  const answer = await fetch(new URL(`/api/v1/export?${query}`, url), { headers }).catch((cause) => {
    if (options.url === undefined) return undefined
    throw new AppError('STORE_UNAVAILABLE', `No collector answers at ${url}.`, { cause })
  })
  if (!answer) return undefined
  if (!answer.ok || !answer.body)
    throw new AppError('BAD_REQUEST', `The collector at ${url} answered ${answer.status}: ${await answer.text()}`)
  return Readable.fromWeb(answer.body)
}

function questionOf({ from, to, measurement, where }: Options): ExportQuestion {
  return { where, ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(measurement !== undefined && { measurement }) }
}

async function write(lines: Readable, file: string | undefined): Promise<void> {
  const progress = createProgress('Exported', 'kB', undefined)
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length
      progress.add(Math.round(chunk.length / 1000))
      done(null, chunk)
    },
  })
  const target: Writable = file === undefined ? process.stdout : createWriteStream(file)
  await (file?.endsWith('.gz') ? pipeline(lines, meter, createGzip(), target) : pipeline(lines, meter, target))
  progress.end()
  // The file is empty then, and whoever wrote --measurement with a slip would take it for a copy.
  if (bytes === 0) process.stderr.write('tidewatch: no stored point passes these filters, so nothing was written.\n')
}
