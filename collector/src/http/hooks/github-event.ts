import { z } from 'zod'
import type { ForeignChange } from '../../deployments/deployments.ts'
import { ownValue } from '../../lib/own-value.ts'
import type { GithubHook } from '../../model/hook.ts'

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads */
const time = z.iso.datetime({ offset: true })
const person = z.object({ login: z.string() }).nullish()
const repository = z.object({ full_name: z.string(), name: z.string(), default_branch: z.string().optional() })

const deployment = z.object({
  id: z.int(),
  sha: z.string(),
  ref: z.string(),
  environment: z.string(),
  created_at: time,
  creator: person,
})
const deploymentStatus = z.object({
  state: z.string(),
  created_at: time,
  description: z.string().nullish(),
  target_url: z.string().nullish(),
  log_url: z.string().nullish(),
})
const workflowRun = z.object({
  id: z.int(),
  run_attempt: z.int().default(1),
  name: z.string().nullish(),
  head_sha: z.string(),
  head_branch: z.string().nullish(),
  status: z.string(),
  conclusion: z.string().nullish(),
  run_started_at: time,
  updated_at: time,
  html_url: z.string(),
  actor: person,
})
const release = z.object({
  id: z.int(),
  tag_name: z.string(),
  target_commitish: z.string().optional(),
  published_at: time.nullish(),
  draft: z.boolean(),
  html_url: z.string(),
  author: person,
})

/** What is told of each event; others say nothing about deployments. */
const events = {
  deployment: z.object({ action: z.string(), deployment, repository }),
  deployment_status: z.object({ action: z.string(), deployment, deployment_status: deploymentStatus, repository }),
  workflow_run: z.object({ action: z.string(), workflow_run: workflowRun, repository }),
  release: z.object({ action: z.string(), release, repository }),
}

export type GithubEvent = {
  [Name in keyof typeof events]: { readonly name: Name; readonly payload: z.output<(typeof events)[Name]> }
}[keyof typeof events]

/** The schema of an event; undefined for one that is not looked at. */
export function schemaOf(name: string): z.ZodType | undefined {
  return ownValue(events, name)
}

/** What an event says about a deployment; undefined when it says nothing. */
export function toChange(event: GithubEvent, hook: GithubHook): ForeignChange | undefined {
  switch (event.name) {
    case 'deployment':
      return event.payload.action === 'created' ? ofDeployment(event.payload, hook) : undefined
    case 'deployment_status':
      return ofStatus(event.payload, hook)
    case 'workflow_run':
      return ofWorkflowRun(event.payload, hook)
    case 'release':
      return ofRelease(event.payload, hook)
  }
}

type Repository = z.output<typeof repository>
type Payload<Name extends keyof typeof events> = z.output<(typeof events)[Name]>

const serviceOf = ({ full_name, name }: Repository, { services }: GithubHook): string => services[full_name] ?? name

/** A tag says more than a commit, and a commit more than the name of a branch. */
function versionOf(ref: string, sha: string, { default_branch = 'main' }: Repository): string {
  const name = ref.replace(/^refs\/(?:tags|heads)\//, '')
  return name === '' || name === default_branch || name === sha ? sha.slice(0, 7) : name
}

function ofDeployment({ deployment: made, repository: repo }: Pick<Payload<'deployment'>, 'deployment' | 'repository'>, hook: GithubHook) {
  return {
    id: `github-deployment-${made.id}`,
    service: serviceOf(repo, hook),
    environment: made.environment,
    version: versionOf(made.ref, made.sha, repo),
    status: 'running',
    commit: made.sha,
    ...(made.creator && { actor: made.creator.login }),
    startedAt: made.created_at,
  } satisfies ForeignChange
}

const stateOf: Readonly<Record<string, ForeignChange['status']>> = { success: 'succeeded', failure: 'failed', error: 'failed' }

/** `inactive` only says that another deployment took its place, and `queued` that it will begin. */
function ofStatus({ deployment_status: told, ...payload }: Payload<'deployment_status'>, hook: GithubHook): ForeignChange | undefined {
  const status = told.state === 'in_progress' ? 'running' : ownValue(stateOf, told.state)
  if (!status) return undefined
  const url = told.log_url || told.target_url
  return {
    ...ofDeployment(payload, hook),
    status,
    ...(url && { url }),
    ...(status !== 'running' && { finishedAt: told.created_at }),
    ...(status === 'failed' && told.description && { reason: told.description }),
  }
}

const conclusions: Readonly<Record<string, ForeignChange['status']>> = {
  success: 'succeeded',
  failure: 'failed',
  timed_out: 'failed',
  startup_failure: 'failed',
  cancelled: 'cancelled',
}

function ofWorkflowRun({ workflow_run: run, repository: repo }: Payload<'workflow_run'>, hook: GithubHook): ForeignChange | undefined {
  if (!hook.workflows.includes(run.name ?? '')) return undefined
  const status = run.status === 'completed' ? ownValue(conclusions, run.conclusion ?? '') : 'running'
  if (!status) return undefined
  return {
    id: `github-run-${run.id}-${run.run_attempt}`,
    service: serviceOf(repo, hook),
    environment: hook.environment,
    version: versionOf(run.head_branch ?? '', run.head_sha, repo),
    status,
    commit: run.head_sha,
    url: run.html_url,
    ...(run.actor && { actor: run.actor.login }),
    startedAt: run.run_started_at,
    ...(status !== 'running' && { finishedAt: run.updated_at }),
    ...(status === 'failed' && { reason: `the workflow "${run.name}" ended with ${run.conclusion}` }),
  }
}

function ofRelease({ action, release: made, repository: repo }: Payload<'release'>, hook: GithubHook): ForeignChange | undefined {
  if (!hook.releases || action !== 'published' || made.draft || !made.published_at) return undefined
  return {
    id: `github-release-${made.id}`,
    service: serviceOf(repo, hook),
    environment: hook.environment,
    version: made.tag_name,
    status: 'succeeded',
    url: made.html_url,
    ...(made.author && { actor: made.author.login }),
    startedAt: made.published_at,
    finishedAt: made.published_at,
  }
}
