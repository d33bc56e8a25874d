import { z } from 'zod'
import { depthOf, type Expression, expressionSchema, expressionText, firingText, namesIn } from '../definition/expression.ts'
import { defineCompositeKind, RuleProblem } from '../definition/rule-kind.ts'

const depthMax = 3

/** Other rules, joined by and, or and not; label sets meet where the labels they share are equal. */
export const composite = defineCompositeKind({
  kind: 'composite',
  shape: {
    expression: expressionSchema.meta({ description: 'Names of rules, joined: {and: [a, {not: b}]}.' }),
    match: z
      .array(z.string().min(1).max(1024))
      .max(20)
      .optional()
      .meta({ description: 'Labels that make a label set; left out: those of the rule that has most.' }),
  },
  toOptions({ expression, match }): { expression: Expression; match: readonly string[] | null } {
    if (depthOf(expression) > depthMax)
      throw new RuleProblem(`is nested ${depthOf(expression)} deep, more than ${depthMax}; name a part by a rule of its own`, [
        'expression',
      ])
    return { expression, match: match ?? null }
  },
  members: ({ expression }) => namesIn(expression),
  words: ({ expression }) => ({ what: expressionText(expression), limit: 'all of it', threshold: '', windowMs: 0 }),
  summary: ({ expression }) => firingText(expression),
  summaryOfEnd: ({ expression }) => `no longer true: ${firingText(expression)}`,
})
