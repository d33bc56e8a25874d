import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createProgram } from '../collector/src/cli/run.ts'

type Command = ReturnType<typeof createProgram>

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'README.md', 'docs/*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('docs/decisions/'))

/** Lines of code blocks and code in sentences that call the program, without its name. */
function shownCommands(text: string): string[] {
  const inBlocks = [...text.matchAll(/^(?:\$ |printf .* \| |\s*(?:run: |- ))?(?:npx )?tidewatch ([a-z].*)$/gm)]
  const inSentences = [...text.matchAll(/`(?:npx )?tidewatch ([a-z][^`]*)`/g)]
  return [...inBlocks, ...inSentences].map(([, call = '']) => call)
}

/** The command that a line calls, down the tree of commands, and what follows its name. */
function resolve(program: Command, words: readonly string[]): { command: Command; rest: readonly string[] } {
  const [word, ...rest] = words
  const below = program.commands.find((one) => one.name() === word)
  return below ? resolve(below, rest) : { command: program, rest: words }
}

function mistake(call: string): string | undefined {
  const { command, rest } = resolve(createProgram(), call.split(/\s+/))
  if (command.parent === null) return `there is no command "${call}"`
  const known = command.options.map(({ long }) => long)
  const unknown = rest.filter((word) => word.startsWith('--')).find((word) => !known.includes(word.replace(/=.*/, '')))
  return unknown && `${command.name()} has no ${unknown}`
}

const leaves = (command: Command, path: readonly string[] = []): string[] =>
  command.commands.length === 0 ? [path.join(' ')] : command.commands.flatMap((one) => leaves(one, [...path, one.name()]))

describe('the commands', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('are shown in the documents with options that they have', () => {
    const wrong = pages.flatMap((file) =>
      shownCommands(readFileSync(join(root, file), 'utf8')).flatMap((call) => {
        const why = mistake(call)
        return why ? [`${file}: ${why}`] : []
      }),
    )
    expect(wrong).toEqual([])
    expect(mistake('silence add --for 2h')).toBeUndefined()
    expect(mistake('silences list')).toBe('there is no command "silences list"')
    expect(mistake('alerts --colour red')).toBe('alerts has no --colour')
  })

  it('all stand in a document', () => {
    const shown = pages.flatMap((file) => shownCommands(readFileSync(join(root, file), 'utf8')))
    const untold = leaves(createProgram()).filter((path) => !shown.some((call) => call === path || call.startsWith(`${path} `)))
    expect(untold).toEqual([])
  })

  it('show no token in their help', () => {
    vi.stubEnv('TIDEWATCH_TOKEN', 'tw_secret')
    const helpOf = (command: Command): string => command.helpInformation() + command.commands.map(helpOf).join('')
    expect(helpOf(createProgram())).toContain('env: TIDEWATCH_TOKEN')
    expect(helpOf(createProgram())).not.toContain('tw_secret')
  })
})
