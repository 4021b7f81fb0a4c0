import type { RunHistory } from './backend.ts'
import type { ScheduleRun } from './port.ts'

/** In reports, of each schedule. */
const REPORTED = 12
const MESSAGE = 300

/** The history, and the newest runs of each schedule for reports. A history that cannot be written stops no run. */
export class KeptRuns {
  readonly #history: RunHistory
  readonly #onError: (error: unknown) => void
  readonly #newest = new Map<string, ScheduleRun[]>()
  revision = 0

  constructor(history: RunHistory, onError: (error: unknown) => void) {
    this.#history = history
    this.#onError = onError
  }

  newest(schedule: string): ScheduleRun[] {
    return this.#newest.get(schedule) ?? []
  }

  async load(schedule: string): Promise<void> {
    await this.#kept(async () => {
      const stored = await this.#history.list(schedule, REPORTED)
      this.#newest.set(schedule, stored)
      this.revision++
    })
  }

  async add(run: ScheduleRun): Promise<void> {
    const kept = short(run)
    const others = this.newest(run.schedule).filter(({ id }) => id !== run.id)
    this.#newest.set(run.schedule, [kept, ...others].toSorted((a, b) => b.dueAt - a.dueAt).slice(0, REPORTED))
    this.revision++
    await this.#kept(() => this.#history.add(kept))
  }

  async end(schedule: string, ended: Parameters<RunHistory['end']>[0]): Promise<void> {
    const kept = short(ended)
    const runs = this.newest(schedule).map(run => (run.id === ended.id && !run.outcome ? { ...run, ...kept } : run))
    this.#newest.set(schedule, runs)
    this.revision++
    await this.#kept(() => this.#history.end(kept))
  }

  async #kept(write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (error) {
      this.#onError(error)
    }
  }
}

function short<T extends { message?: string }>(run: T): T {
  return run.message === undefined ? run : { ...run, message: run.message.slice(0, MESSAGE) }
}
