import mustache from 'mustache'
import type { ChangeNews } from '../model/change-notice.ts'
import type { Deployment } from '../model/deployment.ts'

/** What came with a change: `3f2c1ab..9d8e7f6`, or one commit when the one before is not known; and where that is shown. */
export function commitsOf(change: Deployment, templates: Readonly<Record<string, string>>): ChangeNews['commits'] {
  const { commit, previousCommit } = change
  if (commit === null) return null
  const isRange = previousCommit !== null && previousCommit !== commit
  return { text: isRange ? `${previousCommit}..${commit}` : commit, url: isRange ? urlOf(change, templates) : null }
}

/** Values are escaped as parts of an address; what does not become one is none. */
function urlOf(
  { service, environment, version, previousVersion, commit, previousCommit }: Deployment,
  templates: Readonly<Record<string, string>>,
) {
  const template = templates[service] ?? templates['*']
  if (template === undefined) return null
  const values = { service, environment, version, previousVersion, commit, previousCommit }
  const url = mustache.render(template, values, {}, { escape: (value: unknown) => encodeURIComponent(String(value)) })
  return URL.canParse(url) ? url : null
}
