import { existsSync } from 'node:fs'
import { readFile, unlink } from 'node:fs/promises'
import { Command } from 'commander'
import { spoolFolder } from '../app/data-dir.ts'
import { listDamaged } from '../ingest/spool/damaged.ts'
import { listQuarantine, type QuarantineEntry } from '../ingest/spool/quarantine.ts'
import { quarantineFolder } from '../ingest/spool/spool.ts'
import { AppError } from '../lib/errors.ts'
import { counted } from '../lib/words.ts'
import { collectorUrlOption, tokenOption } from './collector-client.ts'
import { configOf } from './config-option.ts'

type Where = { config?: string; data?: string }
type Target = { url: string; token?: string }

/** What the store refused for good, after its sender had been told that it is kept. */
export function spoolCommand(): Command {
  return new Command('spool')
    .description('Lists, shows and sends again the points that the store refused for good.')
    .addCommand(list())
    .addCommand(show())
    .addCommand(replay())
}

function command(name: string): Command {
  return new Command(name)
    .option('--config <file>', 'the configuration file (default: tidewatch.yaml, if there is one)')
    .option('--data <dir>', 'where data lies (default: ./data)')
}

const list = () =>
  command('list')
    .description('What lies in quarantine, oldest first, and files of the spool that could not be read whole.')
    .action(async (where: Where) => {
      const entries = await entriesOf(where)
      const damaged = await listDamaged(spoolFolder(configOf(flagsOf(where))))
      console.log(entries.length === 0 ? 'The quarantine is empty.' : entries.map(describe).join('\n'))
      for (const { path, bytes } of damaged) console.log(`damaged: ${path}, ${bytes} bytes; what could be read of it was taken`)
    })

const show = () =>
  command('show')
    .description('Prints a file of the quarantine: line protocol, and why it was refused.')
    .argument('<id>', 'as "tidewatch spool list" prints it')
    .action(async (id: string, where: Where) => {
      for (const { path } of chosen(await entriesOf(where), [id])) process.stdout.write(await readFile(path))
    })

const replay = () =>
  command('replay')
    .description('Sends files of the quarantine to the running collector; those that it takes whole are removed.')
    .argument('[ids...]', 'as "tidewatch spool list" prints them')
    .option('--all', 'every file')
    .addOption(collectorUrlOption())
    .addOption(tokenOption('write'))
    .action(async (ids: string[], { all, ...options }: Where & Target & { all?: boolean }) => {
      if (ids.length === 0 && !all) throw new AppError('VALIDATION_FAILED', 'Say which files, or --all; "tidewatch spool list" shows them.')
      const entries = await entriesOf(options)
      for (const entry of all ? entries : chosen(entries, ids)) await sendAgain(entry, options)
    })

async function entriesOf(where: Where): Promise<QuarantineEntry[]> {
  const folder = spoolFolder(configOf(flagsOf(where)))
  if (!existsSync(folder)) {
    throw new AppError('NOT_FOUND', `There is no folder ${folder}: give --config or --data as for the collector, and ask on its machine.`)
  }
  return listQuarantine(quarantineFolder(folder))
}

function flagsOf({ config, data }: Where): Where {
  return { ...(config !== undefined && { config }), ...(data !== undefined && { data }) }
}

function chosen(entries: readonly QuarantineEntry[], ids: readonly string[]): QuarantineEntry[] {
  return ids.map((id) => {
    const entry = entries.find((one) => one.id === id)
    if (!entry) throw new AppError('NOT_FOUND', `There is no ${id} in quarantine; "tidewatch spool list" shows what there is.`)
    return entry
  })
}

function describe({ id, at, points, bytes, reasons }: QuarantineEntry): string {
  return [`${id}  ${at}  ${counted(points, 'point')}, ${counted(bytes, 'byte')}`, ...reasons.map((reason) => `  ${reason}`)].join('\n')
}

async function sendAgain({ id, path, points }: QuarantineEntry, { url, token }: Target): Promise<void> {
  const headers = token ? { authorization: `Bearer ${token}` } : {}
  const target = new URL('/write?db=tidewatch&precision=ns', url)
  const answer = await fetch(target, { method: 'POST', headers, body: await readFile(path) }).catch((thrown) => {
    throw new AppError('STORE_UNAVAILABLE', `No collector answers at ${url}; ${id} stays in quarantine.`, { cause: thrown })
  })
  if (answer.ok) {
    await unlink(path)
    console.log(`${id}: taken, ${counted(points, 'point')}.`)
    return
  }
  process.exitCode = 1
  console.error(`${id} stays in quarantine: the collector answered ${answer.status}: ${await answer.text()}`)
}
