// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the notation of workflows is what is tested.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readYaml, root } from './tree.ts'

const step = z.strictObject({
  name: z.string().optional(),
  uses: z
    .string()
    .regex(/^actions\/[a-z-]+@v\d+$/, 'an action of GitHub itself, at a version')
    .optional(),
  with: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  run: z.string().optional(),
  if: z.enum(['always()', 'failure()']).optional(),
  env: z.record(z.string(), z.string()).optional(),
  'working-directory': z.string().optional(),
})
const job = z.strictObject({
  'runs-on': z.string().regex(/^ubuntu-\d\d\.\d\d$/),
  container: z
    .string()
    .regex(/^[a-z]+:\d+-[a-z]+$/)
    .optional(),
  'timeout-minutes': z.int().positive(),
  strategy: z.strictObject({ 'fail-fast': z.boolean(), matrix: z.record(z.string(), z.array(z.string())) }).optional(),
  steps: z.array(step).min(1),
})

/** The part of GitHub's workflow format that is used here. Least rights, an end to every job. */
const workflowSchema = z.strictObject({
  name: z.string(),
  on: z.record(z.enum(['push', 'pull_request', 'workflow_dispatch']), z.unknown()).and(z.looseObject({})),
  permissions: z.strictObject({ contents: z.enum(['read', 'write']) }),
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() }).optional(),
  jobs: z.record(z.string(), job),
})

const folder = '.github/workflows'
const workflows = readdirSync(join(root, folder)).map((file) => [file, readYaml(join(folder, file))] as const)

type Step = z.output<typeof step>

/** Scripts and files that a step runs and nobody has. */
function missingIn({ run = '', uses, 'working-directory': where = '.' }: Step): string[] {
  const { scripts } = JSON.parse(readFileSync(join(root, where, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  const asked = [...run.matchAll(/^\s*npm (?:run )?(test|build|check)\b/gm)].map(([, name]) => name ?? '')
  const files = [...run.matchAll(/(?:^|\s)((?:e2e|\.ci)\/[\w./-]+|docker-compose\.yml)/g)].map(([, file]) => file ?? '')
  return [
    ...(run === '' && !uses ? ['a step does nothing'] : []),
    ...asked.filter((name) => !(name in scripts)).map((name) => `npm has no script "${name}" in ${where}`),
    ...files.filter((file) => !existsSync(join(root, file))).map((file) => `${file} does not exist`),
  ]
}

const problemsOf = (workflow: unknown): string[] => {
  const parsed = workflowSchema.safeParse(workflow)
  if (!parsed.success) return [z.prettifyError(parsed.error)]
  return Object.values(parsed.data.jobs).flatMap(({ steps }) => steps.flatMap(missingIn))
}

describe('the workflows', () => {
  for (const [file, workflow] of workflows) {
    it(`${file} is one that GitHub can run`, () => {
      expect(problemsOf(workflow)).toEqual([])
    })
  }

  it('test the Grafana that docker compose starts', () => {
    const e2e = workflowSchema.parse(readYaml(join(folder, 'e2e.yml')))
    const { services } = readYaml('docker-compose.yml') as { services: { grafana: { image: string } } }
    expect(e2e.jobs.grafana?.strategy?.matrix.grafana?.map((version) => `grafana/grafana:${version}`)).toContain(services.grafana.image)
  })

  it('are refused with an unknown action, an endless job or a script nobody has', () => {
    const sound = { 'runs-on': 'ubuntu-24.04', 'timeout-minutes': 5, steps: [{ run: 'npm test' }] }
    const workflow = (changes: object) => ({
      name: 'x',
      on: { push: null },
      permissions: { contents: 'read' },
      jobs: { x: { ...sound, ...changes } },
    })
    expect(problemsOf(workflow({}))).toEqual([])
    expect(problemsOf(workflow({ steps: [{ uses: 'someone/else@main' }] })).join()).toContain('an action of GitHub itself')
    expect(problemsOf(workflow({ 'timeout-minutes': undefined })).join()).toContain('timeout-minutes')
    expect(problemsOf(workflow({ steps: [{ run: 'npm run build', 'working-directory': 'e2e' }] }))).toEqual([
      'npm has no script "build" in e2e',
    ])
    expect(problemsOf(workflow({ steps: [{ run: 'bash e2e/gone.sh' }] }))).toEqual(['e2e/gone.sh does not exist'])
    expect(problemsOf(workflow({ steps: [{ run: 'npm test', shel: 'bash' }] })).join()).toContain('shel')
  })
})
