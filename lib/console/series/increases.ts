import { STEP } from './steps.ts'

/** The count so far. `buckets`: for a histogram, the observations between each two bounds. */
export interface Count {
  total: number
  buckets?: readonly number[]
}

export interface CountReading {
  /** When it was read (ms). */
  at: number
  /** When it started counting at zero; absent when that is not known. */
  from?: number
  counts: ReadonlyMap<string, Count>
  /** Whether all of its counts are here; a count that a cut reading lacks is not new when it appears. */
  whole: boolean
}

/** An increase within one step. */
export type OnIncrease = (step: number, series: string, amount: number, buckets?: readonly number[]) => void

interface Known {
  at: number
  /** The step before which everything is already reported. */
  step: number
  counts: Map<string, Count>
  whole: boolean
}

/** A longer silence than this (ms) is a gap: it is known how much was counted in it, but not when. */
const GAP_AFTER = 60_000

/**
 * Turns cumulative counts into increases of ten seconds each. Every increase is reported exactly once, in the steps that its reading
 * ended; a count that has become smaller has started over at zero, and a new id (a new process) starts where it says.
 */
export function increases() {
  const known = new Map<string, Known>()
  return {
    take(id: string, reading: CountReading, report: OnIncrease): void {
      const prior = known.get(id) ?? beginning(reading)
      if (!prior) return void known.set(id, remember(reading))
      if (reading.at <= prior.at) return
      const steps = stepsBetween(prior, reading.at)
      // Too short for a step of its own: its increase is reported with the next reading.
      if (steps < 1) {
        if (!known.has(id)) known.set(id, prior)
        return
      }
      if (reading.at - prior.at <= GAP_AFTER) reportAll(prior, reading, steps, report)
      known.set(id, remember(reading, prior, prior.step + steps))
    },
    /** Forgets all but these. */
    keep(ids: ReadonlySet<string>): void {
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id)
    },
    clear: () => known.clear(),
  }
}

const nearest = (at: number) => Math.round(at / STEP)

function beginning({ from }: CountReading): Known | undefined {
  return from === undefined ? undefined : { at: from, step: nearest(from), counts: new Map(), whole: true }
}

function remember({ at, counts, whole }: CountReading, prior?: Known, step = nearest(at)): Known {
  return { at, step, whole, counts: new Map([...(prior?.counts ?? []), ...counts]) }
}

/** By the time that passed, so that readings that jitter around the edge of a step fall into one each; corrected when they drift. */
function stepsBetween(prior: Known, at: number): number {
  const steps = Math.round((at - prior.at) / STEP)
  const drift = Math.abs(prior.step + steps - at / STEP)
  return drift > 1 ? nearest(at) - prior.step : steps
}

function reportAll(prior: Known, { counts }: CountReading, steps: number, report: OnIncrease): void {
  for (const [series, count] of counts) {
    const before = prior.counts.get(series)
    if (!before && !prior.whole) continue
    const again = before === undefined || count.total < before.total
    const amount = again ? count.total : count.total - before.total
    const buckets = count.buckets?.map((value, index) => {
      const earlier = again ? 0 : (before.buckets?.[index] ?? 0)
      return Math.max(0, value - earlier) / steps
    })
    for (let step = prior.step; step < prior.step + steps; step++) report(step, series, amount / steps, buckets)
  }
}
