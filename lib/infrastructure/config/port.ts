import type { z } from 'zod'
import { InfrastructureError } from '../../core/errors.ts'

/** Variables as the process got them: names to text. */
export type Environment = Readonly<Record<string, string | undefined>>

/** One variable that keeps the program from starting, in plain words: `is missing`, `must be a whole number`. */
export interface ConfigProblem {
  variable: string
  problem: string
}

/** What the documentation of a variable says; made from its schema. */
export interface VariableNote {
  name: string
  required: boolean
  /** The schema's `.describe(…)`. */
  description?: string
  /** The default, as it would be written in the variable. */
  default?: string
  /** The values it takes, where it is an enum. */
  values?: string[]
  /** Bounds of a number, both included. */
  range?: { min: number; max: number }
}

export type Fields = Readonly<Record<string, z.ZodType>>
export type Parsed<F extends Fields> = { [Name in keyof F]: z.output<F[Name]> }
export type ReadResult<Config> = { config: Config } | { problems: ConfigProblem[] }

/** One capability's part of the environment: its variables, and how they become its configuration. */
export interface Slice<Config> {
  readonly variables: readonly VariableNote[]
  /** Reads its own variables only. Never throws for a bad value: all problems come back at once. */
  read(environment: Environment): ReadResult<Config>
}

export type Slices = Readonly<Record<string, Slice<unknown>>>
export type Composed<S extends Slices> = { [Name in keyof S]: S[Name] extends Slice<infer Config> ? Config : never }

/** The environment cannot be used; `problems` lists every variable that is missing or malformed. Holds no values. */
export class ConfigError extends InfrastructureError {
  override readonly code = 'CONFIG_INVALID'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    super(
      `The configuration has ${count}:\n${problems.map(({ variable, problem }) => `  ${variable} ${problem}`).join('\n')}`,
      { nextStep: 'Set the variables listed and start again.' },
    )
    this.problems = problems
  }
}
