import mustache from 'mustache'
import { z } from 'zod'
import { messageOf } from '../lib/errors.ts'
import type { Deployment } from '../model/deployment.ts'

/**
 * What a person may run to undo a change: what came with its record, or the template of its service.
 *
 * The text is shown and never run. People paste it, so values from outside are quoted for a shell.
 */
export function rollbackOf(change: Deployment, templates: Readonly<Record<string, string>>): string | null {
  if (change.rollback !== null) return change.rollback
  const template = change.kind === 'deployment' ? (templates[change.service] ?? templates['*']) : undefined
  if (template === undefined || (change.previousVersion === null && template.includes('previousVersion'))) return null
  const { service, environment, version, previousVersion, commit, previousCommit } = change
  return mustache.render(template, { service, environment, version, previousVersion, commit, previousCommit }, {}, { escape: quoted })
}

const templateSchema = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((template, context) => {
    try {
      mustache.parse(template)
    } catch (thrown) {
      context.addIssue({ code: 'custom', message: `is no template: ${messageOf(thrown)}` })
    }
  })

/** What the configuration says of deployments. */
export const deploymentsSchema = z.strictObject({
  rollback: z
    .record(z.string().min(1).max(200), templateSchema)
    .default({})
    .meta({ description: 'The command that brings the version before back, by service; "*" for those not named.' }),
  commitsUrl: z
    .record(z.string().min(1).max(200), templateSchema)
    .default({})
    .meta({ description: 'Where the commits since the version before are shown, by service; "*" for those not named.' }),
})

function quoted(value: unknown): string {
  const text = String(value)
  return /^[\w.@:/+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
