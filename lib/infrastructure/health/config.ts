import { defineSlice, field } from '../config/index.ts'

export interface HealthConfig {
  intervalMs: number
  stuckAfterMs: number
}

export const healthConfig = defineSlice(
  {
    SUBSTATION_HEALTH_INTERVAL: field
      .duration()
      .default(5000)
      .describe('how often health checks run in the background'),
    SUBSTATION_HEALTH_STUCK_AFTER: field
      .duration()
      .default(30_000)
      .describe('an event loop blocked for this long makes the process not alive'),
  },
  (env, complain): HealthConfig => {
    if (env.SUBSTATION_HEALTH_INTERVAL < 100) complain('SUBSTATION_HEALTH_INTERVAL', 'must be at least 100ms')
    return { intervalMs: env.SUBSTATION_HEALTH_INTERVAL, stuckAfterMs: env.SUBSTATION_HEALTH_STUCK_AFTER }
  },
)
