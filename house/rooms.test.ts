import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const code = files.filter((file) => /\.(m?js|tsx?|css|html)$/.test(file))

const linesOf = (file: string) => readFileSync(join(root, file), 'utf8').split('\n').length - 1

describe('a file', () => {
  it('has at most 300 lines', () => {
    const long = code.filter((file) => linesOf(file) > 300)
    expect(long).toEqual([])
  })

  it('is named after what it holds', () => {
    const banned = /^(utils?|helpers?|manager|common|misc)$/
    expect(files.filter((file) => file.split('/').some((part) => banned.test(basename(part, extname(part)))))).toEqual([])
  })

  it('never skips a test or runs one alone', () => {
    const switchedOff = /\b(it|test|describe)\.(skip|only|todo)\(/
    const tests = files.filter((file) => /\.test\.tsx?$/.test(file) && !file.startsWith('house/'))
    expect(tests.filter((file) => switchedOff.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })
})

describe('a kind', () => {
  const rooms = ['notifiers', 'probes', 'sources', 'stores'] as const
  const example = readFileSync(join(root, 'tidewatch.example.yaml'), 'utf8')

  /** The kinds of a room: its files and folders beside the index, the contract suite and the tests. */
  const kindsOf = (room: string) =>
    readdirSync(join(root, 'collector/src', room), { withFileTypes: true })
      .filter((entry) => {
        if (!entry.isDirectory()) return readFileSync(join(root, 'collector/src', room, entry.name), 'utf8').includes(`= define`)
        return readdirSync(join(root, 'collector/src', room, entry.name)).includes(`${entry.name}.ts`)
      })
      .map((entry) => basename(entry.name, '.ts'))

  for (const room of rooms) {
    const index = () => readFileSync(join(root, 'collector/src', room, 'index.ts'), 'utf8')

    it(`in ${room} is exported by one line of its index`, () => {
      expect(kindsOf(room).length).toBeGreaterThan(1)
      expect(kindsOf(room).filter((kind) => !new RegExp(`from '\\./${kind}(/[a-z-]+)?\\.ts'`).test(index()))).toEqual([])
    })

    it(`in ${room} stands in the example configuration`, () => {
      expect(kindsOf(room).filter((kind) => !new RegExp(`\\b${kind}\\b`).test(example))).toEqual([])
    })
  }

  // A notifier that speaks SMTP proves the same promises against a mail server, in its own test.
  for (const room of ['notifiers', 'probes', 'stores']) {
    it(`in ${room} runs the contract suite of its room`, () => {
      const suites = files
        .filter((file) => file.startsWith('collector/') && file.endsWith('.test.ts'))
        .map((file) => readFileSync(join(root, file), 'utf8'))
        .filter((text) => /\btest(Notifier|Probe|Store)\(/.test(text))
        .join('\n')
      const speakHttp = kindsOf(room).filter((kind) => !files.includes(`collector/src/${room}/${kind}/smtp.ts`))
      expect(speakHttp.filter((kind) => !new RegExp(`\\b${kind}\\b`, 'i').test(suites))).toEqual([])
    })
  }
})
