import { type Composed, type Environment, readConfig } from './infrastructure/config/index.ts'

/** Every capability's slice of the environment. A capability that gets a variable gets it through its slice. */
export const slices = {}

export type Config = Composed<typeof slices>

/** The whole configuration, from the only place that reads `process.env`. Throws ConfigError with every problem at once. */
export function loadConfig(environment: Environment = process.env): Config {
  return readConfig(slices, environment)
}
