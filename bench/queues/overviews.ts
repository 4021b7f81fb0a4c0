import type { Measurement } from '../harness/definition.ts'
import { percentile } from '../harness/statistics.ts'

export interface OverviewInput {
  redisUrl: string
  /** Prefix and number of queues, the largest last. */
  sets: QueueSet[]
  /** Measured too, and not the value. */
  many?: QueueSet
}

interface QueueSet {
  prefix: string
  names: string[]
}

/** Warms up: in a console that has been running for days, what it does every second is compiled. */
const WARM = 15
const COUNTED = 24

/** Times overviews of each set; the value is the mean of the largest, because not every reading reads the same. */
export async function measureOverviews<Opened>(
  { sets, many }: OverviewInput,
  open: (set: QueueSet) => Promise<Opened>,
  look: (opened: Opened, turn: number) => Promise<number>,
): Promise<Measurement> {
  const extra: Record<string, number> = {}
  let value = 0
  for (const set of [...sets, ...(many ? [many] : [])]) {
    const opened = await open(set)
    const times: number[] = []
    for (let turn = 0; turn < WARM + COUNTED; turn++) {
      const began = performance.now()
      const jobs = await look(opened, turn)
      const took = performance.now() - began
      // A side that missed a queue has not done the work.
      if (jobs !== set.names.length * 12) throw new Error(`saw ${jobs} jobs in ${set.names.length} queues`)
      if (turn >= WARM) times.push(took)
    }
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length
    if (set !== many) value = mean
    extra[`at${set.names.length}`] = mean
    extra[`at${set.names.length}p95`] = percentile(times, 95)
  }
  return { value, extra }
}
