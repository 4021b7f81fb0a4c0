import { messageOf } from '../../../core/errors.ts'
import { WorkerCounters } from '../counters.ts'
import { endsWithin, GivenUp, untilGivenUp } from '../give-up.ts'
import { type JobHandler, PermanentJobError, type Worker, type WorkerOptions } from '../port.ts'
import type { MemoryStore, StoredJob } from './memory-store.ts'

/** A worker on a queue in memory. */
export function memoryWorker(name: string, handler: JobHandler, options: WorkerOptions, jobs: MemoryStore): Worker {
  const queue = jobs.find(name)
  const counters = new WorkerCounters(name, 'memory', options)
  const { concurrency = 1, globalConcurrency } = options
  if (globalConcurrency !== undefined) queue.concurrency = globalConcurrency
  const closing = new AbortController()
  const running = new Set<Promise<void>>()
  let taking = true

  async function run(job: StoredJob): Promise<void> {
    counters.began()
    const { attempts = 1, keepCompleted } = job.options
    try {
      const given = {
        id: job.id,
        name: job.name,
        data: JSON.parse(job.data),
        attempt: ++job.attemptsMade,
        attempts,
        log: async () => undefined,
      }
      await untilGivenUp(() => handler({ ...given, signal: closing.signal }), closing.signal)
      jobs.finish(job, 'completed')
      counters.completed()
      if (keepCompleted !== undefined) trim(keepCompleted)
    } catch (error) {
      if (error instanceof GivenUp) {
        job.attemptsMade--
        jobs.enqueue(queue, job, 0)
      } else fail(job, error, attempts)
    } finally {
      counters.ended()
    }
  }
  function fail(job: StoredJob, error: unknown, attempts: number): void {
    const isDead = error instanceof PermanentJobError || job.attemptsMade >= attempts
    job.error = messageOf(error)
    if (error instanceof Error && error.stack !== undefined) job.stacks.push(error.stack)
    counters.failed(error, isDead, job.id)
    const { kind, delayMs } = job.options.backoff ?? { kind: 'fixed', delayMs: 0 }
    if (isDead) {
      jobs.finish(job, 'failed')
      job.failedAt = Date.now()
    } else jobs.enqueue(queue, job, kind === 'fixed' ? delayMs : delayMs * 2 ** (job.attemptsMade - 1))
  }
  function trim(keep: number): void {
    const done = [...queue.jobs.values()].filter(({ state }) => state === 'completed')
    for (const { id } of done.slice(0, Math.max(0, done.length - keep))) queue.jobs.delete(id)
  }
  function wake(): void {
    while (taking && running.size < concurrency) {
      const job = jobs.take(queue)
      if (job === undefined) return
      const done = run(job).finally(() => {
        running.delete(done)
        // Another worker of this queue may have waited for the place.
        for (const other of queue.wake) other()
        wake()
      })
      running.add(done)
    }
  }
  queue.wake.add(wake)
  wake()

  return {
    name: options.name ?? name,
    queue: name,
    async pause({ waitForJobs = true } = {}) {
      taking = false
      counters.paused(true)
      if (waitForJobs) await Promise.all(running)
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
      queue.wake.delete(wake)
      const done = Promise.all(running)
      if (await endsWithin(done, timeoutMs)) return
      closing.abort(new Error('The worker is being closed'))
      await done
    },
  }
}
