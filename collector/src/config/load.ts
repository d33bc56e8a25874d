import { AppError, messageOf } from '../lib/errors.ts'
import { type Problem, parseWith } from '../lib/problems.ts'
import { complete } from './complete.ts'
import type { Config } from './config.ts'
import { crossCheck } from './cross-check.ts'
import { type ConfigDocument, formatProblem, listProblems, placeText, readDocument } from './document.ts'
import { applyOverrides, type Flags, overridesOf } from './overrides.ts'
import { configSchema, secretSections } from './schema.ts'
import { readSecretFiles } from './secret-files.ts'

export type Files = { exists(path: string): boolean; read(path: string): string }
export type LoadDoors = { readonly flags: Flags; readonly env: Readonly<Record<string, string | undefined>>; readonly files: Files }

const defaultFile = 'tidewatch.yaml'

/**
 * The configuration, whole and frozen: flags over environment over file over defaults.
 *
 * Throws one CONFIG_INVALID that lists every problem with its path and line.
 */
export function loadConfig({ flags, env, files }: LoadDoors): Config {
  const file = findFile(flags, env, files)
  const document = readDocument(file === undefined ? '' : readFile(file, files), env)
  const overrides = overridesOf(flags, env)
  const origin = (problem: Problem) =>
    overrides.find((override) => override.path.every((key, index) => problem.path[index] === key))?.from ??
    placeText(file ?? 'the configuration', document, problem)

  const { config, problems } = check(document, applyOverrides(document.data, overrides, env), files)
  if (!config || problems.length > 0) throw refusal(file, problems, origin)
  return deepFreeze({ ...config, ...(file !== undefined && { file }) })
}

function check(document: ConfigDocument, data: unknown, files: Files): { config?: Omit<Config, 'file'>; problems: readonly Problem[] } {
  if (document.problems.length > 0) return { problems: document.problems }
  const secrets = readSecretFiles(data, secretSections, files.read)
  const parsed = parseWith(configSchema, secrets.data)
  const problems = [...secrets.problems, ...parsed.problems]
  if (!parsed.data || problems.length > 0) return { problems }
  const config = complete(parsed.data)
  return { config, problems: crossCheck(parsed.data, config.rules) }
}

function findFile(flags: Flags, env: LoadDoors['env'], files: Files): string | undefined {
  return flags.config ?? (env.TIDEWATCH_CONFIG || undefined) ?? (files.exists(defaultFile) ? defaultFile : undefined)
}

function readFile(file: string, files: Files): string {
  try {
    return files.read(file)
  } catch (thrown) {
    throw new AppError('CONFIG_INVALID', `Cannot read the configuration ${file}: ${messageOf(thrown)}.`, { cause: thrown })
  }
}

function refusal(file: string | undefined, problems: readonly Problem[], origin: Parameters<typeof formatProblem>[1]): AppError {
  const lines = problems.map((problem) => formatProblem(problem, origin))
  return new AppError('CONFIG_INVALID', listProblems(file ?? 'The configuration', lines))
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}
