import type { z } from 'zod'
import type { Tags } from '../../../model/point.ts'
import type { RuleAggregate } from '../samples/aggregate.ts'
import type { SampleSelector } from '../samples/samples.ts'
import type { LastChange, PastNeed, Reading, Rule, RuleFrame, SetView } from './rule.ts'

/** What a rule reads from memory. */
export type Inputs = {
  /** Null: each series by itself. Otherwise series that agree in these tags are taken together. */
  readonly groupBy: readonly string[] | null
  /** Tags that tell parts of one thing apart and make no label set: the bounds of a histogram. */
  readonly without?: readonly string[]
  readonly selectors: readonly SampleSelector[]
  /** How far back samples must be kept. */
  readonly keepMs: number
}

/** A value that the store can compute for times past as the rule does for now. */
export type Drawn = {
  readonly source: SampleSelector & Pick<Inputs, 'groupBy'> & { readonly field: string }
  readonly aggregate: RuleAggregate
  readonly windowMs: number
  /** Divides by this, window by window, times the factor. */
  readonly over?: { readonly selector: SampleSelector & { readonly field: string }; readonly factor: number }
  /** What is drawn, where that is not the value of the alert but what it is made from. */
  readonly instead?: string
}

/** The words for one rule: `mean of cpu.usage over 5m`, `above 90 %`, `90`, and what its value is counted in. */
export type RuleWords = {
  readonly what: string
  readonly limit: string
  readonly threshold: string
  readonly windowMs: number
  readonly unit?: string
}

/** Label sets that are known now, for kinds whose questions to the store depend on them. */
export type NeedView = {
  readonly nowMs: number
  readonly sets: readonly { readonly tags: Tags; readonly activeSinceMs: number | null }[]
  readonly lastChange: LastChange
}

/** A way to watch something: one file in `kinds/`, and one line in its index. */
export type RuleKind<Shape extends z.ZodRawShape, Options> = {
  readonly kind: string
  /** The keys it has beside those of every rule. */
  readonly shape: Shape
  /** Throws a RuleProblem when keys that are each fine by themselves do not fit together. */
  toOptions(given: z.output<z.ZodObject<Shape>>, frame: RuleFrame): Options
  inputs(options: Options): Inputs
  /** What it must ask the store for. */
  needs?(rule: Rule<Options>, view: NeedView): readonly PastNeed[]
  read(rule: Rule<Options>, set: SetView): Reading
  /** What the value of its alerts was before, for messages that draw it; left out: it is no value of a series. */
  drawn?(options: Options): Drawn
  words(options: Options): RuleWords
  /** The summary of an alert whose rule has none; left out: made from the words. */
  summary?(options: Options, reading: Reading): string
  /** The same while it does not hold any more and is kept firing; left out: the value and the limit say it. */
  summaryOfEnd?(options: Options, reading: Reading): string
  /** Fires also when no series was ever seen, with these labels. */
  nothing?(options: Options): Tags
}

/** What is wrong with a rule, and under which key. */
export class RuleProblem extends Error {
  readonly path: readonly (string | number)[]

  constructor(message: string, path: readonly (string | number)[]) {
    super(message)
    this.path = path
  }
}

/** A kind that looks at other rules in place of series. */
export type CompositeKind<Shape extends z.ZodRawShape, Options> = Pick<
  RuleKind<Shape, Options>,
  'kind' | 'shape' | 'toOptions' | 'words' | 'summary' | 'summaryOfEnd'
> & {
  /** The names of the rules it looks at. */
  members(options: Options): readonly string[]
}

type Described = {
  readonly kind: string
  readonly shape: z.ZodRawShape
  toOptions(given: unknown, frame: RuleFrame): unknown
  words(options: unknown): RuleWords
  summary?(options: unknown, reading: Reading): string
  summaryOfEnd?(options: unknown, reading: Reading): string
}

/** A kind whose options are known to itself alone. */
export type SeriesKind = Described & {
  inputs(options: unknown): Inputs
  needs?(rule: Rule, view: NeedView): readonly PastNeed[]
  read(rule: Rule, set: SetView): Reading
  drawn?(options: unknown): Drawn
  nothing?(options: unknown): Tags
}

export type AnyRuleKind = SeriesKind | (Described & { members(options: unknown): readonly string[] })

export function defineRuleKind<Shape extends z.ZodRawShape, Options>(kind: RuleKind<Shape, Options>): typeof kind {
  return kind
}

export function defineCompositeKind<Shape extends z.ZodRawShape, Options>(kind: CompositeKind<Shape, Options>): typeof kind {
  return kind
}
