import { describe, expect, it } from 'vitest'
import type { GithubHook } from '../../model/hook.ts'
import { hmac, shape, startHooks } from '../fakes/fake-hooks.ts'

const github: GithubHook = {
  ...{ type: 'github', name: 'github', services: { 'acme/web': 'shop' }, environment: 'production', workflows: ['Deploy'], releases: true },
  ...shape,
}

const repository = { full_name: 'acme/web', name: 'web', default_branch: 'main' }
const deployment = {
  ...{ id: 7, sha: '3f2c1ab9d8e7f6', ref: 'v1.4.2', environment: 'staging', created_at: '2026-01-01T00:00:00Z' },
  creator: { login: 'jane' },
}

describe('POST /api/v1/hooks/github', () => {
  function startGithub(hook: Partial<GithubHook> = {}) {
    const { doors, post } = startHooks({ ...github, ...hook })
    let count = 0
    const send = (event: string, payload: object, headers: Record<string, string> = {}) => {
      const body = JSON.stringify({ repository, ...payload })
      return post('/api/v1/hooks/github', body, {
        'x-hub-signature-256': `sha256=${hmac(body)}`,
        'x-github-event': event,
        'x-github-delivery': `d-${count++}`,
        ...headers,
      })
    }
    return { doors, send, changes: () => doors.acts.map((act) => (act as { change: unknown }).change) }
  }

  it('records deployments as they begin and end, with the service that a repository stands for', async () => {
    const { doors, send, changes } = startGithub()
    const begun = await send('deployment', { action: 'created', deployment })
    expect([begun.status, await begun.json()]).toEqual([200, { recorded: true, id: 'github-deployment-7' }])
    const deployment_status = {
      state: 'failure',
      created_at: '2026-01-01T00:05:00Z',
      description: 'no room',
      log_url: 'https://github.com/acme/web/1',
    }
    await send('deployment_status', { action: 'created', deployment, deployment_status })
    const common = {
      id: 'github-deployment-7',
      service: 'shop',
      environment: 'staging',
      version: 'v1.4.2',
      commit: '3f2c1ab9d8e7f6',
      actor: 'jane',
    }
    expect(changes()).toEqual([
      { ...common, status: 'running', startedAt: '2026-01-01T00:00:00Z' },
      {
        ...{ ...common, status: 'failed', startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:05:00Z' },
        ...{ reason: 'no room', url: 'https://github.com/acme/web/1' },
      },
    ])
    expect(doors.audited).toMatchObject([
      { actor: 'github', action: 'deployment.receive', target: 'github-deployment-7' },
      { actor: 'github', action: 'deployment.receive' },
    ])
  })

  it('takes runs of the named workflows, and releases', async () => {
    const { send, changes } = startGithub()
    const run = {
      ...{ id: 5, run_attempt: 2, name: 'Deploy', head_sha: 'abcdef0123', head_branch: 'main', status: 'completed', conclusion: 'success' },
      ...{
        run_started_at: '2026-01-01T00:00:00Z',
        updated_at: '2026-01-01T00:02:00Z',
        html_url: 'https://github.com/r',
        actor: { login: 'bo' },
      },
    }
    await send('workflow_run', { action: 'completed', workflow_run: run })
    await send('workflow_run', { action: 'completed', workflow_run: { ...run, name: 'Tests' } })
    await send('workflow_run', { action: 'completed', workflow_run: { ...run, conclusion: 'skipped' } })
    const release = {
      id: 9,
      tag_name: 'v2',
      published_at: '2026-01-01T00:03:00Z',
      draft: false,
      html_url: 'https://github.com/v2',
      author: null,
    }
    await send('release', { action: 'published', release })
    await send('release', { action: 'edited', release })
    expect(changes()).toMatchObject([
      { id: 'github-run-5-2', version: 'abcdef0', environment: 'production', status: 'succeeded', finishedAt: '2026-01-01T00:02:00Z' },
      { id: 'github-release-9', version: 'v2', status: 'succeeded', url: 'https://github.com/v2' },
    ])
  })

  it('says that events about anything else are not recorded', async () => {
    const { send, changes } = startGithub()
    for (const [event, payload] of [
      ['ping', { zen: 'Keep it logically awesome.' }],
      ['constructor', {}],
      [
        'deployment_status',
        { action: 'created', deployment, deployment_status: { state: 'inactive', created_at: '2026-01-01T00:05:00Z' } },
      ],
    ] as const) {
      const answer = await send(event, payload)
      expect([answer.status, await answer.json()]).toEqual([200, { recorded: false, message: expect.any(String) }])
    }
    expect(changes()).toEqual([])
  })

  it('refuses a wrong signature, a missing delivery and a payload that is not of its event', async () => {
    const { send, changes } = startGithub()
    expect((await send('ping', {}, { 'x-hub-signature-256': 'sha256=00' })).status).toBe(401)
    expect((await send('ping', {}, { 'x-github-delivery': '' })).status).toBe(400)
    expect((await send('deployment', { action: 'created', deployment: { id: 'x' } })).status).toBe(400)
    expect(changes()).toEqual([])
  })
})
