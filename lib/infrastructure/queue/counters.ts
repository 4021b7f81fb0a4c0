import { messageOf } from '../../core/errors.ts'
import type { WorkerOptions, WorkerReport } from './port.ts'

/** The counts of a worker, for its report. */
export class WorkerCounters {
  readonly #report: Omit<WorkerReport, 'active'>
  #active = 0
  #revision = 0

  constructor(queue: string, prefix: string, { name = queue, concurrency = 1, owner, runbook }: WorkerOptions) {
    this.#report = {
      name,
      queue,
      prefix,
      concurrency,
      completed: 0,
      failed: 0,
      deadLettered: 0,
      ...(owner === undefined ? {} : { owner }),
      ...(runbook === undefined ? {} : { runbook }),
    }
  }
  get revision(): number {
    return this.#revision
  }
  get active(): number {
    return this.#active
  }
  began(): void {
    this.#active++
    this.#revision++
  }
  ended(): void {
    this.#active--
    this.#revision++
  }
  completed(): void {
    this.#report.completed++
    this.#revision++
  }
  failed(error: unknown, isDead: boolean, jobId?: string): void {
    this.#report.failed++
    if (isDead) this.#report.deadLettered++
    this.troubled(error, jobId)
  }
  /** An error that did not fail a job. */
  troubled(error: unknown, jobId?: string): void {
    this.#report.lastError = { at: Date.now(), message: messageOf(error), ...(jobId === undefined ? {} : { jobId }) }
    this.#revision++
  }
  paused(paused: boolean): void {
    if (paused) this.#report.paused = true
    else delete this.#report.paused
    this.#revision++
  }
  report(): WorkerReport {
    return { ...this.#report, active: this.#active }
  }
}
