import { expect, it } from 'vitest'
import { silentLog } from '../../lib/log.ts'
import { createDiscovery } from './discover.ts'

function setup() {
  const files = new Map<string, string>()
  const warnings: string[] = []
  const discover = createDiscovery(['targets/*.json', 'more/*.yaml'], {
    readFile: async (path) => files.get(path) as string,
    listFiles: async (pattern) => [...files.keys()].filter((path) => path.startsWith(pattern.split('*')[0] as string)),
    log: { ...silentLog, warn: (of: { problem: string }) => void warnings.push(of.problem) },
  })
  return { files, warnings, discover, targets: async () => (await discover()).flatMap(({ targets }) => targets) }
}

it('reads targets with labels from JSON and YAML files', async () => {
  const { files, discover } = setup()
  files.set('targets/a.json', '[{"targets": ["a:1", "a:2"], "labels": {"team": "x"}}]')
  files.set('more/b.yaml', '- targets: [b:1]\n')
  expect(await discover()).toEqual([
    { targets: ['b:1'], labels: {} },
    { targets: ['a:1', 'a:2'], labels: { team: 'x' } },
  ])
})

it('sees a file change, come and go', async () => {
  const { files, targets } = setup()
  files.set('targets/a.json', '[{"targets": ["a:1"]}]')
  expect(await targets()).toEqual(['a:1'])
  files.set('targets/a.json', '[{"targets": ["a:2"]}]')
  files.set('targets/c.json', '[{"targets": ["c:1"]}]')
  expect(await targets()).toEqual(['a:2', 'c:1'])
  files.delete('targets/a.json')
  expect(await targets()).toEqual(['c:1'])
})

it.each(['[{"targets": ["a:2"', '{"targets": []}', '[{"hosts": ["a:2"]}]', '[{"targets": ["a:2"], "labels": {"n": 1}}]'])(
  'keeps the last targets of a file that became %s, and says so once',
  async (broken) => {
    const { files, targets, warnings } = setup()
    files.set('targets/a.json', '[{"targets": ["a:1"]}]')
    await targets()
    files.set('targets/a.json', broken)
    expect([await targets(), await targets()]).toEqual([['a:1'], ['a:1']])
    expect(warnings).toHaveLength(1)
    files.set('targets/a.json', '[{"targets": ["a:3"]}]')
    expect(await targets()).toEqual(['a:3'])
  },
)
