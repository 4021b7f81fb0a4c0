import type { MetricFamily, MetricSource } from './port.ts'

/** The last reading of the metrics, in the form the fleet needs: `revision` grows with each reading. */
export interface MetricSampler {
  readonly revision: number
  reports(): readonly MetricFamily[]
  /** Reads now, then at each interval. Does nothing when it runs already. */
  start(): void
  stop(): void
}

/** Reads metrics at an interval (default 10 s), so that reports need not wait for them. A failed reading keeps the last one. */
export function sampleMetrics(source: MetricSource, { intervalMs = 10_000 } = {}): MetricSampler {
  let families: readonly MetricFamily[] = []
  let revision = 0
  let timer: NodeJS.Timeout | undefined
  let reading = false

  async function read() {
    if (reading) return
    reading = true
    try {
      families = await source.collect()
      revision += 1
    } catch {
      // The age of the last reading shows the failure; the next interval tries again.
    } finally {
      reading = false
    }
  }

  return {
    get revision() {
      return revision
    },
    reports: () => families,
    start() {
      if (timer) return
      timer = setInterval(read, intervalMs).unref()
      void read()
    },
    stop() {
      clearInterval(timer)
      timer = undefined
    },
  }
}
