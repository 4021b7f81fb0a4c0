import { DURATION_BUCKETS } from '../../metrics/index.ts'
import type { StatementReport } from '../port.ts'
import { literalsAsParameters } from './mask-literals.ts'

const MOST_KEPT = 200
const MOST_REPORTED = 40
const LONGEST_TEXT = 1_000
/** Texts as they were sent: with comments or values that differ, there are many of one statement. */
const MOST_SENT = 1_000

/** ms; the metrics have their bounds in seconds. */
const BOUNDS = DURATION_BUCKETS.map(bound => bound * 1_000)

interface Times {
  readonly text: string
  calls: number
  totalMs: number
  readonly spread: number[]
  dropped: boolean
}

export interface StatementTimes {
  record(sent: string, ms: number): void
  /** Those that took most time in all, the most first. */
  reports(of: Pick<StatementReport, 'database' | 'address'>): StatementReport[]
}

/** How long each statement of a pool took. Of too many the one with the least time in all is dropped, and begins at zero when it is sent again. */
export function statementTimes(): StatementTimes {
  const kept = new Map<string, Times>()
  const bySent = new Map<string, Times>()

  function timesOf(sent: string): Times {
    const text = literalsAsParameters(sent).slice(0, LONGEST_TEXT)
    let times = kept.get(text)
    if (!times) {
      if (kept.size >= MOST_KEPT) drop()
      times = { text, calls: 0, totalMs: 0, spread: new Array(BOUNDS.length + 1).fill(0), dropped: false }
      kept.set(text, times)
    }
    if (bySent.size >= MOST_SENT) bySent.clear()
    bySent.set(sent, times)
    return times
  }

  function drop() {
    let least: Times | undefined
    for (const times of kept.values()) if (!least || times.totalMs < least.totalMs) least = times
    if (!least) return
    least.dropped = true
    kept.delete(least.text)
  }

  return {
    record(sent, ms) {
      const known = bySent.get(sent)
      const times = known === undefined || known.dropped ? timesOf(sent) : known
      times.calls++
      times.totalMs += ms
      let bucket = 0
      while (bucket < BOUNDS.length && ms > (BOUNDS[bucket] as number)) bucket++
      times.spread[bucket] = (times.spread[bucket] as number) + 1
    },
    reports: of =>
      [...kept.values()]
        .sort((a, b) => b.totalMs - a.totalMs)
        .slice(0, MOST_REPORTED)
        .map(({ text, calls, totalMs, spread }) => ({
          ...of,
          text,
          calls,
          totalMs: Math.round(totalMs),
          spread: [...spread],
        })),
  }
}
