import { isDeepStrictEqual } from 'node:util'
import type { RunHistory, ScheduleBackend, ScheduleState, Tick, TickHandler } from '../backend.ts'
import type { ScheduleRun, Timing } from '../port.ts'
import { timings } from './cron.ts'

/** The wall clock is looked at this often (ms): it may jump while a timer runs, and timers end at 24 days. */
const LOOK = 30_000
/** Before a tick that cannot run now is given again (ms). */
const LATER = 1_000

interface Timed {
  timing: Timing
  next: number | undefined
}

/** Schedules of one process, which end with it. */
export function memorySchedules(): ScheduleBackend {
  const timed = new Map<string, Timed>()
  const states = new Map<string, ScheduleState>()
  const claims = new Map<string, string>()
  const underWay = new Set<Promise<unknown>>()
  const closing = new AbortController()
  const known = new Set<string>()
  let waiting: Omit<Tick, 'attempt'>[] = []
  let handler: TickHandler | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function give(tick: Omit<Tick, 'attempt'>) {
    if (closed) return
    if (!handler) return void waiting.push(tick)
    const done = handler({ ...tick, attempt: 1 }, closing.signal).then(
      outcome => {
        if (outcome === 'later' && !closed) setTimeout(give, LATER, tick).unref()
      },
      () => undefined,
    )
    underWay.add(done)
    void done.finally(() => underWay.delete(done))
  }
  function look() {
    clearTimeout(timer)
    if (closed || !handler) return
    const now = Date.now()
    for (const [name, one] of timed)
      if (one.next !== undefined && one.next <= now) {
        const dueAt = one.next
        one.next = timings.nextAfter(one.timing, now, dueAt)
        give({ id: `${name}-${dueAt}`, name, dueAt, trigger: 'schedule' })
      }
    const next = Math.min(...[...timed.values()].map(({ next = Number.POSITIVE_INFINITY }) => next))
    timer = setTimeout(look, Math.max(0, Math.min(LOOK, next - now)))
  }

  return {
    shared: false,
    async put(name, timing) {
      if (isDeepStrictEqual(timed.get(name)?.timing, timing)) return false
      const now = Date.now()
      const next = 'everyMs' in timing ? now : 'at' in timing ? timing.at : timings.nextAfter(timing, now)
      timed.set(name, { timing, next })
      look()
      return true
    },
    async remove(name) {
      states.delete(name)
      return timed.delete(name)
    },
    nextAt: async name => timed.get(name)?.next,
    async enqueue(tick) {
      if (known.has(tick.id)) return
      known.add(tick.id)
      give(tick)
    },
    state: async name => states.get(name) ?? {},
    async change(name, change) {
      const entries = Object.entries({ ...states.get(name), ...change })
      states.set(name, Object.fromEntries(entries.filter(([, value]) => value !== null)))
    },
    async claim(name, tickId) {
      if (claims.has(name)) return false
      claims.set(name, tickId)
      return true
    },
    async release(name) {
      claims.delete(name)
    },
    async start(given) {
      handler = given
      const before = waiting
      waiting = []
      before.forEach(give)
      look()
    },
    async close(timeoutMs) {
      closed = true
      clearTimeout(timer)
      const stop = setTimeout(() => closing.abort(), timeoutMs)
      await Promise.all(underWay)
      clearTimeout(stop)
    },
  }
}

/** The newest runs of each schedule, in this process. */
export function memoryRuns(most = 1_000): RunHistory {
  const runs = new Map<string, ScheduleRun[]>()
  return {
    async add(run) {
      const kept = runs.get(run.schedule) ?? []
      if (kept.some(({ id }) => id === run.id)) return
      runs.set(run.schedule, [{ ...run }, ...kept].toSorted((a, b) => b.dueAt - a.dueAt).slice(0, most))
    },
    async end({ id, ...outcome }) {
      for (const run of [...runs.values()].flat()) if (run.id === id && !run.outcome) Object.assign(run, outcome)
    },
    list: async (name, limit) => (runs.get(name) ?? []).slice(0, limit).map(run => ({ ...run })),
    async remove(before, limit) {
      let removed = 0
      for (const [name, kept] of runs) {
        const stays = kept.toReversed().filter(run => run.dueAt >= before || removed++ >= limit)
        runs.set(name, stays.toReversed())
      }
      return Math.min(removed, limit)
    },
    close: async () => runs.clear(),
  }
}
