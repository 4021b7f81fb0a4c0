import { type Clock, systemClock } from '../../../core/clock.ts'
import type { HealthCheck, HealthCheckOptions } from '../port.ts'

export interface PingOptions extends Omit<HealthCheckOptions, 'name'> {
  name?: string
  /** One round trip to the server; rejects when it fails. */
  ping: (signal: AbortSignal) => Promise<unknown>
  /** An answer that takes longer is degraded. Default 500 ms. */
  slowAboveMs?: number
  clock?: Clock
}

/** A Postgres database that answers. Critical by default. */
export function databaseCheck(options: PingOptions): HealthCheck {
  return pingCheck('database', 'Check that the database runs, accepts connections and has connections left.', options)
}

/** A Redis server that answers. Critical by default. */
export function redisCheck(options: PingOptions): HealthCheck {
  return pingCheck(
    'redis',
    'Check that Redis runs, is reachable from here and is not busy with a slow command.',
    options,
  )
}

function pingCheck(kind: string, nextStep: string, options: PingOptions): HealthCheck {
  const { ping, slowAboveMs = 500, clock = systemClock, ...rest } = options
  return {
    name: kind,
    group: kind,
    critical: true,
    nextStep,
    ...rest,
    async run(signal) {
      const began = clock.monotonic()
      await ping(signal)
      if (clock.monotonic() - began <= slowAboveMs) return { status: 'up' }
      return { status: 'degraded', message: `answers, but takes more than ${slowAboveMs} ms` }
    },
  }
}
