import type { z } from 'zod'
import { noteOf } from './note.ts'
import {
  type Composed,
  ConfigError,
  type ConfigProblem,
  type Environment,
  type Fields,
  type Parsed,
  type Slice,
  type Slices,
} from './port.ts'
import { problemOf } from './words.ts'

/** Reports a problem of variables in combination (`set both or neither`). */
export type Complain = (variable: string, problem: string) => void

/**
 * Declares a capability's variables and turns them into its configuration. An empty variable counts as absent, because
 * `VAR= npm start` and compose files mean that. `build` runs only when every field parsed; the problems it reports are
 * listed with the others.
 */
export function defineSlice<F extends Fields, Config>(
  fields: F,
  build: (parsed: Parsed<F>, complain: Complain) => Config,
  /** Checks the variables in combination, as text, also when some did not parse, so that everything missing is listed at once. */
  check?: (given: (variable: Extract<keyof F, string>) => boolean, complain: Complain) => void,
): Slice<Config> {
  const entries = Object.entries<z.ZodType>(fields)
  return {
    variables: entries.map(([name, schema]) => noteOf(name, schema)),
    read(environment) {
      const problems: ConfigProblem[] = []
      const parsed: Record<string, unknown> = {}
      for (const [variable, schema] of entries) {
        const text = environment[variable]?.trim() || undefined
        const result = schema.safeParse(text)
        if (result.success) parsed[variable] = result.data
        else problems.push({ variable, problem: problemOf(text, result.error, schema.description) })
      }
      check?.(
        variable => Boolean(environment[variable]?.trim()),
        (variable, problem) => problems.push({ variable, problem }),
      )
      if (problems.length > 0) return { problems }
      const config = build(parsed as Parsed<F>, (variable, problem) => problems.push({ variable, problem }))
      return problems.length > 0 ? { problems } : { config }
    },
  }
}

/** Reads every slice; throws one ConfigError with the problems of all of them. A shared variable is listed once. */
export function readConfig<S extends Slices>(slices: S, environment: Environment): Composed<S> {
  const config: Record<string, unknown> = {}
  const problems = new Map<string, ConfigProblem>()
  for (const [name, slice] of Object.entries(slices)) {
    const result = slice.read(environment)
    if ('config' in result) config[name] = result.config
    else for (const problem of result.problems) problems.set(`${problem.variable} ${problem.problem}`, problem)
  }
  if (problems.size > 0) throw new ConfigError([...problems.values()])
  return config as Composed<S>
}
