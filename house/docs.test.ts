import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../collector/src/config/load.ts'
import { errorStatus } from '../collector/src/lib/errors.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))

/** The rows of the error table: code and status. */
function errorRows(page: string): [string, number][] {
  return [...page.matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) +\|/gm)].map(([, code = '', status]) => [code, Number(status)])
}

/** Links to files of the repository that are not there. External ones are left alone: a test asks nobody. */
function brokenLinks(file: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .filter((target) => !existsSync(join(root, normalize(join(dirname(file), target)))))
}

/** The names by which links reach the headings of a page, as GitHub makes them. */
function anchors(text: string): string[] {
  const headings = text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm)
  return [...headings].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Links to headings that are not there, of this page or of another. */
function brokenAnchors(file: string, text: string, textOf = read): string[] {
  return [...text.matchAll(/\]\(([^)\s#:]*\.md)?#([^)\s]+)\)/g)]
    .filter(([, target, anchor = '']) => !anchors(target ? textOf(normalize(join(dirname(file), target))) : text).includes(anchor))
    .map(([link]) => link)
}

/** Blocks of YAML, each a configuration that a reader may copy; other YAML says what it is behind the word. */
function yamlBlocks(text: string): string[] {
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
}

/** What the collector says of a configuration, any secret being set. */
function refusal(yaml: string): string | undefined {
  const names = [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)
  const env = Object.fromEntries(names.map((name) => [name, `https://example.org/${name}-0123456789`]))
  try {
    loadConfig({ flags: {}, env, files: { exists: () => true, read: (path) => (path.endsWith('.yaml') ? yaml : 'a secret from a file') } })
    return undefined
  } catch (thrown) {
    return (thrown as Error).message
  }
}

describe('the documents', () => {
  it('list every error code with its status, and no other', () => {
    expect(errorRows(read('docs/errors.md'))).toEqual(Object.entries(errorStatus))
    expect(errorRows('| `GONE` | 410 | x | y |')).toEqual([['GONE', 410]])
  })

  it('say of every dependency why it is here', () => {
    const wanted = ['', 'collector/', 'plugin/', 'viewer/', 'e2e/'].flatMap((folder) => {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(read(`${folder}package.json`))
      return [...Object.keys(dependencies), ...Object.keys(devDependencies)]
    })
    const rows = [...read('docs/decisions/dependencies.md').matchAll(/^\| (`[^|]+)\| \S/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    )
    expect([...new Set(rows)].sort()).toEqual([...new Set(wanted)].sort())
  })

  it('lead only to files that are there', () => {
    expect(pages.flatMap((file) => brokenLinks(file, read(file)).map((target) => `${file}: ${target}`))).toEqual([])
    expect(brokenLinks('docs/x.md', '[a](gone.md) [b](../README.md#start) [c](https://example.org)')).toEqual(['gone.md'])
  })

  it('lead only to headings that are there', () => {
    expect(pages.flatMap((file) => brokenAnchors(file, read(file)).map((link) => `${file}: ${link}`))).toEqual([])
    const textOf = () => '# Is it alive?'
    expect(brokenAnchors('docs/x.md', '# Here\n[a](#here) [b](y.md#is-it-alive) [c](y.md#gone) [d](#gone)', textOf)).toEqual([
      '](y.md#gone)',
      '](#gone)',
    ])
  })

  it('show configurations that the collector takes', () => {
    const refused = pages.flatMap((file) =>
      yamlBlocks(read(file))
        .flatMap((block) => refusal(block) ?? [])
        .map((why) => `${file}: ${why}`),
    )
    expect(refused).toEqual([])
    expect(refusal('rules: [{ name: x, sorce: {} }]')).toContain('did you mean "source"?')
  })
})
