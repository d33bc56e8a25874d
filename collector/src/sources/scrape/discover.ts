import { parse } from 'yaml'
import { z } from 'zod'
import { messageOf } from '../../lib/errors.ts'
import type { Log } from '../../lib/log.ts'
import type { TargetGroup } from './target.ts'

const groups = z.array(
  z.strictObject({ targets: z.array(z.string().min(1)), labels: z.record(z.string(), z.string()).nullish() }).transform(toGroup),
)

function toGroup({ targets, labels }: { targets: string[]; labels?: Record<string, string> | null | undefined }): TargetGroup {
  return { targets, labels: labels ?? {} }
}

export type DiscoverDoors = {
  readonly readFile: (path: string) => Promise<string>
  readonly listFiles: (pattern: string) => Promise<readonly string[]>
  readonly log: Log
}

type KnownFile = { text: string; groups: readonly TargetGroup[] }

/**
 * Targets from files in the form of Prometheus's file_sd, looked at again and again. A file that cannot
 * be read as such keeps its last good targets, and the log says so once; one that is gone has none.
 * https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
 */
export function createDiscovery(patterns: readonly string[], { readFile, listFiles, log }: DiscoverDoors): () => Promise<TargetGroup[]> {
  const known = new Map<string, KnownFile>()

  async function look(path: string): Promise<void> {
    const before = known.get(path) ?? { text: '', groups: [] }
    try {
      const text = await readFile(path)
      if (text === before.text) return
      known.set(path, { ...before, text })
      known.set(path, { text, groups: parseGroups(text) })
      log.info({ file: path }, 'scrape source: targets read')
    } catch (thrown) {
      const kept = before.groups.reduce((sum, group) => sum + group.targets.length, 0)
      log.warn(
        { file: path, problem: messageOf(thrown) },
        `scrape source: a file of targets is not understood; its last ${kept} targets stay`,
      )
    }
  }

  return async () => {
    const paths = new Set((await Promise.all(patterns.map(listFiles))).flat())
    for (const path of known.keys()) if (!paths.has(path)) known.delete(path)
    for (const path of [...paths].sort()) await look(path)
    return [...known.values()].flatMap((file) => file.groups)
  }
}

/** YAML reads JSON too. */
function parseGroups(text: string): TargetGroup[] {
  const parsed = groups.safeParse(parse(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Error(`${issue?.path.join('.') || 'the file'}: ${issue?.message}`)
}
