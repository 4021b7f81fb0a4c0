import { messageOf } from '../../../core/errors.ts'
import { afterFailure } from '../after-failure.ts'
import type { BackendWorkerOptions } from '../backend.ts'
import { WorkerCounters } from '../counters.ts'
import { endsWithin, GivenUp } from '../give-up.ts'
import { type JobHandler, type JobOptions, PermanentJobError, type Worker } from '../port.ts'
import { RunningJobs } from '../running-jobs.ts'
import { childCompleted, childFailed } from './memory-flow.ts'
import { givenJob } from './memory-job.ts'
import { countTurn, waitForTurn } from './memory-pace.ts'
import type { MemoryStore, StoredJob } from './memory-store.ts'

/** A worker on a queue in memory. */
export function memoryWorker(
  name: string,
  handler: JobHandler,
  options: BackendWorkerOptions,
  jobs: MemoryStore,
): Worker {
  const queue = jobs.find(name)
  const counters = new WorkerCounters(name, 'memory', options)
  const { concurrency = 1, globalConcurrency, rateLimit, bury } = options
  if (globalConcurrency !== undefined) queue.concurrency = globalConcurrency
  const running = new RunningJobs()
  const cancel = (id: string) => running.cancel(id)
  const underway = new Set<Promise<void>>()
  let taking = true
  let turn: NodeJS.Timeout | undefined

  async function run(job: StoredJob): Promise<void> {
    counters.began()
    job.attemptsMade++
    try {
      failIfDoomed(job)
      const result = await running.run({ ...job.options, id: job.id, addedAt: job.addedAt }, run =>
        handler(givenJob(job, run)),
      )
      complete(job, result)
    } catch (error) {
      if (error instanceof GivenUp) {
        job.attemptsMade--
        jobs.enqueue(job, error.delayMs)
      } else await fail(job, error)
    } finally {
      counters.ended()
    }
  }
  function complete(job: StoredJob, result: unknown): void {
    const text = JSON.stringify(result)
    if (text !== undefined) job.result = text
    jobs.finish(job, 'completed')
    counters.completed()
    childCompleted(jobs, job)
    const { keepCompleted } = job.options
    if (keepCompleted !== undefined) trim(keepCompleted)
  }
  async function fail(job: StoredJob, thrown: unknown): Promise<void> {
    const { attemptsMade, options: given } = job
    const after = afterFailure(thrown, { attempt: attemptsMade, attempts: given.attempts ?? 1 }, options.backoff)
    job.error = messageOf(thrown)
    if (thrown instanceof Error && thrown.stack !== undefined) job.stacks.push(thrown.stack)
    counters.failed(thrown, after.isDead, job.id)
    if (!after.isDead) return jobs.enqueue(job, after.delayMs ?? backoffMs(given, attemptsMade))
    await copy(job)
    jobs.finish(job, 'failed')
    childFailed(jobs, job)
  }
  async function copy({ id, name: of, text, error, stacks, attemptsMade, addedAt }: StoredJob): Promise<void> {
    const stack = stacks.at(-1)
    const failed = { error, ...(stack === undefined ? {} : { stack }), attemptsMade, addedAt, failedAt: Date.now() }
    await bury?.({ queue: name, id, name: of, data: JSON.parse(text), ...failed }).catch(cause =>
      counters.troubled(cause, id),
    )
  }
  function trim(keep: number): void {
    const done = [...queue.jobs.values()].filter(({ state }) => state === 'completed')
    for (const job of done.slice(0, Math.max(0, done.length - keep))) queue.jobs.delete(job.id)
  }
  function wake(): void {
    while (taking && underway.size < concurrency) {
      const wait = waitForTurn(queue, rateLimit)
      if (wait > 0) {
        clearTimeout(turn)
        turn = setTimeout(wake, wait).unref()
        return
      }
      const job = jobs.take(queue)
      if (job === undefined) return
      countTurn(queue, rateLimit)
      const done = run(job).finally(() => {
        underway.delete(done)
        // Another worker of this queue may have waited for the place.
        for (const other of queue.wake) other()
        wake()
      })
      underway.add(done)
    }
  }
  queue.wake.add(wake)
  queue.cancel.add(cancel)
  wake()

  return {
    name: options.name ?? name,
    queue: name,
    async pause({ waitForJobs = true } = {}) {
      taking = false
      counters.paused(true)
      if (waitForJobs) await Promise.all(underway)
    },
    resume() {
      taking = true
      counters.paused(false)
      wake()
    },
    report: () => counters.report(),
    get revision() {
      return counters.revision
    },
    async close({ timeoutMs = 10_000 } = {}) {
      taking = false
      clearTimeout(turn)
      queue.wake.delete(wake)
      const done = Promise.all(underway)
      if (!(await endsWithin(done, timeoutMs))) {
        running.giveUp('The worker is being closed')
        await done
      }
      queue.cancel.delete(cancel)
    },
  }
}

function failIfDoomed(job: StoredJob): void {
  const { doomed } = job
  delete job.doomed
  if (doomed !== undefined) throw new PermanentJobError(doomed)
}

/** The job's own time before its next attempt (ms), as BullMQ counts it. */
function backoffMs({ backoff }: JobOptions, attemptsMade: number): number {
  if (!backoff) return 0
  const { kind, delayMs, jitter = 0 } = backoff
  const whole = kind === 'fixed' ? delayMs : delayMs * 2 ** (attemptsMade - 1)
  return Math.floor(whole * (1 - jitter * Math.random()))
}
