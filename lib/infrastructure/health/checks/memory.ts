import { getHeapStatistics } from 'node:v8'
import type { HealthCheck, HealthCheckOptions } from '../port.ts'
import { judge, percent, type Threshold } from './threshold.ts'

/** Bytes. Beyond `limit` the process is ended: V8's heap limit, or the container's memory. */
export interface MemoryFigures {
  heap: { used: number; limit: number }
  /** Resident memory against the container's limit; the limit is absent outside of one. */
  resident: { used: number; limit?: number }
}

export interface MemoryOptions extends Omit<HealthCheckOptions, 'name'>, Partial<Threshold> {
  name?: string
  read?: () => MemoryFigures
}

/** The heap and the resident memory against their limits, as shares. Degraded above 0.85, down above 0.97. */
export function memoryCheck(options: MemoryOptions = {}): HealthCheck {
  const { degradedAbove = 0.85, downAbove = 0.97, read = readMemory, ...rest } = options
  return {
    name: 'memory',
    group: 'runtime',
    nextStep: 'Look for a leak in a heap snapshot, or give the process more memory; a restart only gains time.',
    ...rest,
    run() {
      const { heap, resident } = read()
      const shares = {
        heap: heap.used / heap.limit,
        'resident memory': resident.limit ? resident.used / resident.limit : 0,
      }
      const [what, share] = Object.entries(shares).sort(([, a], [, b]) => b - a)[0] as [string, number]
      const details = { heapUsed: heap.used, heapLimit: heap.limit, residentUsed: resident.used }
      return judge(
        share,
        { degradedAbove, downAbove },
        limit => `${what} is over ${percent(limit)} of its limit`,
        details,
      )
    },
  }
}

function readMemory(): MemoryFigures {
  const { used_heap_size, heap_size_limit } = getHeapStatistics()
  const limit = process.constrainedMemory()
  return {
    heap: { used: used_heap_size, limit: heap_size_limit },
    // Without a container Node reports 0, or an impossibly large number.
    resident: { used: process.memoryUsage.rss(), limit: limit > 0 && limit < 2 ** 50 ? limit : undefined },
  }
}
