import { availableParallelism } from 'node:os'
import { type Clock, systemClock } from '../../../core/clock.ts'
import type { HealthCheck, HealthCheckOptions } from '../port.ts'
import { judge, percent, type Threshold } from './threshold.ts'

export interface CpuOptions extends Omit<HealthCheckOptions, 'name'>, Partial<Threshold> {
  name?: string
  cores?: number
  /** CPU time of this process so far, in ms. */
  read?: () => number
  clock?: Clock
}

/** CPU time of this process since the run before, as a share of all cores. Degraded above 0.9; down only with `downAbove`. */
export function cpuCheck(options: CpuOptions = {}): HealthCheck {
  const {
    degradedAbove = 0.9,
    downAbove = Infinity,
    cores = availableParallelism(),
    clock = systemClock,
    ...others
  } = options
  const { read = readCpu, ...rest } = others
  let before = { at: clock.monotonic(), used: read() }
  return {
    name: 'cpu',
    group: 'runtime',
    nextStep: 'Take a CPU profile, or spread the work over more processes.',
    ...rest,
    run() {
      const now = { at: clock.monotonic(), used: read() }
      const elapsed = now.at - before.at
      const share = elapsed > 0 ? (now.used - before.used) / elapsed / cores : 0
      before = now
      const details = { share: Math.round(share * 1000) / 1000, cores }
      return judge(share, { degradedAbove, downAbove }, limit => `uses more than ${percent(limit)} of the CPU`, details)
    },
  }
}

function readCpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
