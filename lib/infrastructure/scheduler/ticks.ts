import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { ScheduleBackend, ScheduleState, Tick } from './backend.ts'
import { planCatchUp } from './catch-up.ts'
import { timingIn } from './changed-timing.ts'
import { execute } from './execution.ts'
import type { KeptRuns } from './kept-runs.ts'
import type { ScheduleDeclaration, ScheduleRun } from './port.ts'
import type { Timings } from './timings.ts'

/** Runs that were due since the last one, of which there may be very many. */
const MOST_DUE = 10_000
/** Missed runs that are noted one by one. */
const MOST_NOTED = 100
export const LATE_AFTER = 60_000

interface TicksOptions {
  backend: ScheduleBackend
  runs: KeptRuns
  timings: Timings
  declared(name: string): ScheduleDeclaration | undefined
  onError(error: unknown): void
}

/** What becomes of a schedule that is due: it runs, or it is noted why not. */
export class Ticks {
  readonly #parts: TicksOptions
  readonly #process = `${hostname()} ${process.pid}`

  constructor(parts: TicksOptions) {
    this.#parts = parts
  }

  async handle(tick: Tick, stopping: AbortSignal): Promise<'done' | 'later'> {
    const { declared, backend, runs } = this.#parts
    const one = declared(tick.name)
    if (!one) {
      if (Date.now() - tick.dueAt < LATE_AFTER) return 'later'
      await runs.add({ ...begun(tick), outcome: 'missed', message: 'No process declares this schedule any more' })
      return 'done'
    }
    if (tick.attempt > 1) {
      const message = 'Its process crashed, or was cut off from Redis'
      await runs.end(tick.name, { id: runId(tick, tick.attempt - 1), endedAt: Date.now(), outcome: 'lost', message })
      if (tick.attempt > (one.retakes ?? 1) + 1) return 'done'
    }
    const state = await backend.state(tick.name)
    if (tick.attempt === 1 && tick.trigger === 'schedule' && !(await this.#isToRun(one, tick, state))) return 'done'
    return this.#run({ ...one, when: timingIn(one, state) }, tick, stopping)
  }

  /** Also deals with what was missed before it. */
  async #isToRun(one: ScheduleDeclaration, tick: Tick, state: ScheduleState): Promise<boolean> {
    const { backend, runs, timings } = this.#parts
    const { name, lateAfterMs = LATE_AFTER, catchUp = 'once' } = one
    const { lastDueAt, paused } = state
    const now = Date.now()
    if (lastDueAt !== undefined && tick.dueAt <= lastDueAt) return false
    const since = timings.dueWithin(
      timingIn(one, state),
      (lastDueAt ?? tick.dueAt - 1) + 1,
      Math.max(now, tick.dueAt),
      {
        limit: MOST_DUE,
        anchor: tick.dueAt,
      },
    )
    const due = [...new Set([...since, tick.dueAt])].toSorted((a, b) => a - b)
    const newest = due.at(-1)
    if (paused && (paused.until ?? Number.POSITIVE_INFINITY) > tick.dueAt) {
      await runs.add({ ...begun(tick), outcome: 'skipped', message: pauseWords(paused) })
      await backend.change(name, { lastDueAt: newest })
      return false
    }
    const plan = planCatchUp({ due, now, lateAfterMs, policy: catchUp })
    const unnoted = Math.max(0, plan.missed.length - MOST_NOTED)
    for (const [at, dueAt] of plan.missed.slice(unnoted).entries()) {
      const more = at === 0 && unnoted > 0 ? `, and ${unnoted} before it` : ''
      await runs.add({
        ...begun({ ...tick, dueAt }),
        id: `${name}-${dueAt}`,
        outcome: 'missed',
        message: `No process began it in time${more}`,
      })
    }
    for (const dueAt of plan.run)
      if (dueAt !== tick.dueAt)
        await backend.enqueue({ id: `catch-up-${name}-${dueAt}`, name, dueAt, trigger: 'catch-up' })
    // Last: after a crash before this the same is done again, and ids keep it from happening twice.
    await backend.change(name, { lastDueAt: newest })
    return plan.run.includes(tick.dueAt)
  }

  async #run(one: ScheduleDeclaration, tick: Tick, stopping: AbortSignal): Promise<'done' | 'later'> {
    const { backend, runs, timings } = this.#parts
    const { name, overlap = 'skip', jitterMs = 0, timeoutMs, handler } = one
    if (overlap === 'skip' && !(await backend.claim(name, tick.id))) {
      // Several that are caught up run one after the other.
      if (tick.trigger === 'catch-up') return 'later'
      await runs.add({ ...begun(tick), outcome: 'skipped', message: 'Its last run was still going on' })
      return 'done'
    }
    let settled: Promise<unknown> = Promise.resolve()
    try {
      if (tick.trigger === 'schedule' && tick.attempt === 1 && jitterMs > 0)
        // Spreads the load of schedules of one time; nobody gains from guessing it. Aborted: it begins at once, and stops by its signal.
        await pause(Math.random() * jitterMs, undefined, { signal: stopping }).catch(() => undefined)
      const run = { ...begun(tick), startedAt: Date.now(), process: this.#process }
      await runs.add(run)
      const { id: runIdOf, ...context } = run
      const execution = await execute(handler, { ...context, runId: runIdOf }, { timeoutMs, stopping })
      settled = execution.settled
      const endedAt = Date.now()
      const next = tick.trigger === 'manual' ? undefined : timings.nextAfter(one.when, tick.dueAt, tick.dueAt)
      const { outcome, message } = execution
      await runs.end(name, {
        id: run.id,
        endedAt,
        outcome,
        ...(message === undefined ? {} : { message }),
        ...(next !== undefined && next < endedAt ? { overran: true } : {}),
      })
      return 'done'
    } finally {
      // A handler that goes on after its time is up keeps the next run waiting.
      if (overlap === 'skip') this.#releaseAfter(settled, name, tick.id)
    }
  }

  #releaseAfter(settled: Promise<unknown>, name: string, tickId: string): void {
    const { backend, onError } = this.#parts
    void settled.then(() => backend.release(name, tickId)).catch(onError)
  }
}

/** A run has an id of its own for each attempt. */
function runId({ id }: Pick<Tick, 'id'>, attempt: number): string {
  return attempt === 1 ? id : `${id}-attempt-${attempt}`
}

function begun({ id, name, dueAt, trigger, attempt, by }: Tick): ScheduleRun {
  return { id: runId({ id }, attempt), schedule: name, dueAt, trigger, attempt, ...(by === undefined ? {} : { by }) }
}

function pauseWords({ by, reason }: { by?: string; reason?: string }): string {
  return `Paused${by ? ` by ${by}` : ''}${reason ? `: ${reason}` : ''}`
}
