import { consoleSlice } from './console/platform/settings/environment-slice.ts'
import { type Composed, type Environment, readConfig } from './infrastructure/config/index.ts'
import { healthConfig } from './infrastructure/health/index.ts'
import { loggingConfig } from './infrastructure/logging/index.ts'
import { metricsConfig } from './infrastructure/metrics/index.ts'

/** Every slice that the console's own process reads. What gets a variable gets it through its slice. */
export const slices = { console: consoleSlice, logging: loggingConfig, metrics: metricsConfig, health: healthConfig }

export type Config = Composed<typeof slices>

/** The variables of this process: the one place that reads `process.env`. */
export function environment(): Environment {
  return process.env
}

/** The whole configuration. Throws ConfigError with every problem of every slice at once. */
export function loadConfig(variables: Environment = environment()): Config {
  return readConfig(slices, variables)
}
