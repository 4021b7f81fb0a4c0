import { isDeepStrictEqual } from 'node:util'
import { newId } from '../../core/ids.ts'
import type { KeptChange, RunHistory, ScheduleBackend, ScheduleState } from './backend.ts'
import { isSameTiming, timingIn } from './changed-timing.ts'
import { checkedSchedule } from './declared.ts'
import { KeptRuns } from './kept-runs.ts'
import {
  type ScheduleDeclaration,
  type SchedulePause,
  type ScheduleProvider,
  type ScheduleReport,
  type Scheduler,
  SchedulerError,
} from './port.ts'
import { LATE_AFTER, Ticks } from './ticks.ts'
import type { Timings } from './timings.ts'

/** How often next runs and pauses are read for reports, and schedules that Redis lost are put there again (ms). */
const REFRESH = 10_000
/** How soon it is read again because it is due (ms). */
const SETTLED = 1_000

interface Shared {
  /** When it was read to be so. */
  asOf: number
  nextAt?: number
  paused?: SchedulePause
  changed?: KeptChange
}

interface SchedulerParts {
  service: string
  backend: ScheduleBackend
  history: RunHistory
  timings: Timings
  onError(error: unknown): void
}

/** The schedules of one process on a backend. */
export function schedulerOver({ service, backend, history, timings, onError }: SchedulerParts): Scheduler {
  const declared = new Map<string, ScheduleDeclaration>()
  const shared = new Map<string, Shared>()
  const providers: ScheduleProvider[] = []
  const runs = new KeptRuns(history, onError)
  const ticks = new Ticks({ backend, runs, timings, declared: name => declared.get(name), onError })
  let revision = 0
  let started = false
  let refreshing: NodeJS.Timeout | undefined
  let closing: Promise<void> | undefined

  const refuseClosed = () => {
    if (closing) throw new SchedulerError('The scheduler of this process has been closed', { code: 'SCHEDULER_CLOSED' })
  }
  function known(name: string): ScheduleDeclaration {
    refuseClosed()
    const one = declared.get(name)
    if (!one) throw new SchedulerError(`This process has no schedule ${name}`, { code: 'SCHEDULER_UNKNOWN' })
    return one
  }
  function declare(declaration: ScheduleDeclaration): ScheduleDeclaration {
    refuseClosed()
    const one = checkedSchedule(timings, declaration)
    if (declared.has(one.name))
      throw new SchedulerError(`The schedule ${one.name} is declared twice`, { code: 'SCHEDULER_OPTIONS' })
    declared.set(one.name, one)
    revision++
    return one
  }
  async function put(one: ScheduleDeclaration): Promise<void> {
    const state = await backend.state(one.name)
    const when = timingIn(one, state)
    if (state.changed && when === one.when) await backend.change(one.name, { changed: null })
    // One that has run is not due again, though it is declared at every start.
    if ('at' in when && state.lastDueAt === when.at) return
    // What was due by another timing says nothing about what was missed by this one.
    if (await backend.put(one.name, when)) await backend.change(one.name, { lastDueAt: null })
  }
  /** A clock that was ahead has put the next run where the right one will be much later. */
  async function correct(one: ScheduleDeclaration, state: ScheduleState): Promise<void> {
    const { lastDueAt = 0 } = state
    const when = timingIn(one, state)
    if ('at' in when || lastDueAt <= Date.now() + (one.lateAfterMs ?? LATE_AFTER)) return
    await backend.change(one.name, { lastDueAt: Date.now() })
    const { paused, changed } = await backend.state(one.name)
    await backend.remove(one.name)
    await backend.put(one.name, when)
    await backend.change(one.name, {
      ...{ lastDueAt: Date.now() },
      ...(paused ? { paused } : {}),
      ...(changed ? { changed } : {}),
    })
  }
  async function refresh(one: ScheduleDeclaration): Promise<void> {
    const state = await backend.state(one.name)
    await correct(one, state)
    const { paused, changed } = state
    const nextAt = await backend.nextAt(one.name)
    if (nextAt === undefined && declared.has(one.name)) await put(one)
    const { asOf: _, ...known } = shared.get(one.name) ?? { asOf: 0 }
    const now = {
      ...(nextAt === undefined ? {} : { nextAt }),
      ...(paused ? { paused } : {}),
      ...(changed ? { changed } : {}),
    }
    if (!declared.has(one.name) || isDeepStrictEqual(now, known)) return
    shared.set(one.name, { ...now, asOf: Date.now() })
    revision++
  }
  async function refreshAll(): Promise<void> {
    for (const one of declared.values()) await refresh(one).catch(onError)
    if (closing) return
    refreshing = setTimeout(refreshAll, REFRESH)
    refreshing.unref()
  }

  return {
    async schedule(options, handler) {
      const one = declare({ ...options, handler })
      if (!started) return
      try {
        await put(one)
        await refresh(one)
      } catch (error) {
        declared.delete(one.name)
        throw error
      }
    },
    provide(provider) {
      refuseClosed()
      providers.push(provider)
    },
    async start() {
      refuseClosed()
      if (started) return
      for (let provider = providers[0]; provider; provider = providers[0]) {
        const declarations: ScheduleDeclaration[] = []
        for await (const declaration of provider()) declarations.push(declaration)
        declarations.forEach(declare)
        providers.shift()
      }
      for (const one of declared.values()) {
        await put(one)
        await runs.load(one.name)
      }
      await backend.start((tick, signal) => {
        const one = declared.get(tick.name)
        // What is due next has changed; one that is due all the time is read every so often.
        if (one && Date.now() - (shared.get(one.name)?.asOf ?? 0) > SETTLED) refresh(one).catch(onError)
        return ticks.handle(tick, signal)
      })
      started = true
      await refreshAll()
    },
    async unschedule(name) {
      refuseClosed()
      declared.delete(name)
      shared.delete(name)
      revision++
      return backend.remove(name)
    },
    async runNow(name, { by } = {}) {
      known(name)
      const id = `manual-${newId()}`
      await backend.enqueue({ id, name, dueAt: Date.now(), trigger: 'manual', ...(by === undefined ? {} : { by }) })
      return id
    },
    async pause(name, { until, by, reason } = {}) {
      const one = known(name)
      if (until !== undefined && !Number.isFinite(until))
        throw new SchedulerError('until must be a time in ms since the epoch', { code: 'SCHEDULER_OPTIONS' })
      const given = Object.entries({ until, by, reason }).filter(([, value]) => value !== undefined)
      await backend.change(name, { paused: { since: Date.now(), ...Object.fromEntries(given) } })
      await refresh(one)
    },
    async resume(name) {
      const one = known(name)
      await backend.change(name, { paused: null })
      await refresh(one)
    },
    async change(name, when, { by, reason } = {}) {
      const one = known(name)
      checkedSchedule(timings, { ...one, when })
      const given = Object.entries({ by, reason }).filter(([, value]) => value !== undefined)
      const changed = { since: Date.now(), when, declared: one.when, ...Object.fromEntries(given) }
      await backend.change(name, { changed: isSameTiming(when, one.when) ? null : changed })
      await put(one)
      await refresh(one)
    },
    async restore(name) {
      const one = known(name)
      await backend.change(name, { changed: null })
      await put(one)
      await refresh(one)
    },
    async runs(name, { limit = 50 } = {}) {
      refuseClosed()
      return history.list(name, limit)
    },
    async removeRuns(olderThanMs, { limit = 10_000 } = {}) {
      refuseClosed()
      return history.remove(Date.now() - olderThanMs, limit)
    },
    reports: () =>
      [...declared.values()].map(({ handler: _, when: declaredTiming, ...options }): ScheduleReport => {
        const state = shared.get(options.name)
        const { nextAt, paused, asOf } = state ?? {}
        const when = timingIn({ when: declaredTiming }, state ?? {})
        const isOver = paused?.until !== undefined && paused.until <= Date.now()
        return {
          ...options,
          ...when,
          service,
          shared: backend.shared,
          ...(backend.queue === undefined ? {} : { queue: backend.queue }),
          ...(nextAt === undefined ? {} : { nextAt }),
          ...(asOf === undefined ? {} : { asOf }),
          ...(paused && !isOver ? { paused } : {}),
          ...(state?.changed && when !== declaredTiming ? { changed: shownChange(state.changed) } : {}),
          runs: runs.newest(options.name),
        }
      }),
    get revision() {
      return revision + runs.revision
    },
    close({ timeoutMs = 10_000 } = {}) {
      closing ??= (async () => {
        clearTimeout(refreshing)
        await backend.close(timeoutMs)
        await history.close()
      })()
      return closing
    },
  }
}

function shownChange({ when: _inForce, ...change }: KeptChange): ScheduleReport['changed'] {
  return change
}
