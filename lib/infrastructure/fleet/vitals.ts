import { monitorEventLoopDelay } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Vitals } from './protocol/messages.ts'

export interface VitalsReader {
  /** Figures since the previous reading. */
  read(): Vitals
  close(): void
}

/** The runtime figures of each heartbeat. */
export function readVitals(): VitalsReader {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const heapLimit = getHeapStatistics().heap_size_limit
  let cpu = process.cpuUsage()
  let at = performance.now()
  return {
    read() {
      const now = performance.now()
      const spent = process.cpuUsage(cpu)
      cpu = process.cpuUsage()
      const memory = process.memoryUsage()
      // The histogram measures the time between its own ticks, so an idle loop reads as one resolution, which is subtracted.
      const lag = delay.count > 0 ? Math.max(0, delay.percentile(99) / 1e6 - 20) : 0
      delay.reset()
      const vitals: Vitals = {
        cpu: round((spent.user + spent.system) / 1000 / Math.max(1, now - at), 3),
        rss: memory.rss,
        heap: memory.heapUsed,
        heapLimit,
        lag: round(lag, 1),
        uptime: Math.round(process.uptime() * 1000),
      }
      at = now
      return vitals
    },
    close: () => delay.disable(),
  }
}

const round = (value: number, digits: number) => Number(value.toFixed(digits))
