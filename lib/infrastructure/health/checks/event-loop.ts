import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { HealthCheck, HealthCheckOptions } from '../port.ts'
import { judge, type Threshold } from './threshold.ts'

const RESOLUTION_MS = 10

export interface EventLoopOptions extends Omit<HealthCheckOptions, 'name'>, Partial<Threshold> {
  name?: string
}

/** How late the event loop was since the run before: its 99th percentile in ms. Degraded above 100, down above 1000. */
export function eventLoopCheck(options: EventLoopOptions = {}): HealthCheck {
  const { degradedAbove = 100, downAbove = 1000, ...rest } = options
  let delays: ReturnType<typeof monitorEventLoopDelay> | undefined
  return {
    name: 'event-loop',
    group: 'runtime',
    nextStep:
      'Find the code that runs long without yielding (a CPU profile shows it), and split it up or move it to a worker.',
    ...rest,
    run() {
      if (!delays) {
        delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
        delays.enable()
        return { status: 'up' }
      }
      // The monitor includes its own timer: the delay is what exceeds the resolution.
      const over = (nanoseconds: number) => Math.max(0, Math.round(nanoseconds / 1e5 - 10 * RESOLUTION_MS) / 10)
      const [p99, max] = [over(delays.percentile(99)), over(delays.max)]
      delays.reset()
      return judge(p99, { degradedAbove, downAbove }, limit => `is more than ${limit} ms late`, {
        p99Ms: p99,
        maxMs: max,
      })
    },
    close() {
      delays?.disable()
      delays = undefined
    },
  }
}
