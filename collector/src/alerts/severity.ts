import { z } from 'zod'
import { ownValue } from '../lib/own-value.ts'
import { type Severity, severities } from '../model/alert.ts'

/** Other systems' words for our four severities; rules that use them load unchanged. */
const aliases: Readonly<Record<string, Severity>> = {
  low: 'info',
  p3: 'info',
  medium: 'warning',
  warn: 'warning',
  p2: 'warning',
  error: 'high',
  p1: 'high',
  p0: 'critical',
  emergency: 'critical',
  page: 'critical',
}

const anyCase = (words: readonly string[]): string =>
  `^(?:${words.map((word) => word.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)).join('|')})$`

export const severitySchema = z
  .string()
  .meta({
    description: `One of ${severities.join(', ')}; also understood: ${Object.keys(aliases).join(', ')}.`,
    // An editor completes the first list and takes the second, in any case.
    anyOf: [{ enum: [...severities] }, { pattern: anyCase([...severities, ...Object.keys(aliases)]) }],
  })
  .transform((text, context): Severity => {
    const severity = toSeverity(text)
    if (severity) return severity
    context.addIssue({
      code: 'custom',
      message: `"${text}" is not a severity; there are ${severities.join(', ')}, and for them ${Object.keys(aliases).join(', ')}`,
    })
    return z.NEVER
  })

/** Undefined for a word that means none of ours. */
export function toSeverity(text: string): Severity | undefined {
  const word = text.toLowerCase()
  return severities.find((severity) => severity === word) ?? ownValue(aliases, word)
}

export function isMoreSevere(severity: Severity, than: Severity): boolean {
  return severities.indexOf(severity) > severities.indexOf(than)
}
