import { type Job as BullJob, DelayedError, UnrecoverableError, WaitingError } from 'bullmq'
import { messageOf } from '../../../core/errors.ts'
import { afterFailure } from '../after-failure.ts'
import type { BackendWorkerOptions } from '../backend.ts'
import { WorkerCounters } from '../counters.ts'
import { endsWithin, GivenUp } from '../give-up.ts'
import type { JobHandler, Worker } from '../port.ts'
import { RunningJobs } from '../running-jobs.ts'
import { CancelWatch } from './bullmq-cancel.ts'
import { GivenJob } from './bullmq-job.ts'
import { ownOptions } from './bullmq-options.ts'
import type { BullStore } from './bullmq-store.ts'

/** A worker of BullMQ 6. It blocks on a connection of its own. */
export function bullmqWorker(
  queue: string,
  handler: JobHandler,
  options: BackendWorkerOptions & { store: BullStore },
): Worker {
  const { store, name = queue, concurrency = 1, lockMs, crashes, rateLimit, bury } = options
  const counters = new WorkerCounters(queue, store.prefix, options)
  const running = new RunningJobs()
  const copies = new WeakMap<BullJob, Promise<unknown>>()
  /** How long (ms) a job whose attempt has just failed waits, where the worker decides that. */
  const waits = new WeakMap<object, number>()
  let closed: Promise<void> | undefined
  /** A pause that waits for jobs, until it is resumed. */
  let paused: Promise<void> | undefined

  /** Copies a job into the dead-letter queue, once; resolves with what went wrong. */
  function copied(job: BullJob, error: Error, attemptsMade: number): Promise<unknown> {
    const { id, data, timestamp: addedAt } = job
    const stack = error.stack === undefined ? {} : { stack: error.stack }
    const failed = { error: messageOf(error), ...stack, attemptsMade, addedAt, failedAt: Date.now() }
    const copying =
      copies.get(job) ??
      bury?.({ queue, id: String(id), name: job.name, data: store.unpack(data), ...failed }).then(
        () => undefined,
        (cause: unknown) => cause,
      )
    if (copying) copies.set(job, copying)
    return copying ?? Promise.resolve()
  }

  /** The error with texts that its server can keep. */
  function kept(error: Error): Error {
    const message = store.packText(error.message)
    const stack = error.stack && store.packText(error.stack)
    if (message === error.message && stack === error.stack) return error
    const clean = new Error(message, { cause: error })
    if (stack !== undefined) clean.stack = stack
    return clean
  }

  /** What BullMQ is to get of an attempt that failed. */
  async function failed(job: BullJob, thrown: unknown): Promise<Error> {
    const attempt = job.attemptsMade + 1
    const attempts = job.opts.attempts || 1
    const { isDead, delayMs } = afterFailure(thrown, { attempt, attempts }, options.backoff)
    // BullMQ reads fields of what was thrown: with undefined the job would stay active until its lock expires.
    const error = kept(thrown instanceof Error ? thrown : new Error(messageOf(thrown), { cause: thrown }))
    if (isDead) await copied(job, error, attempt)
    else if (delayMs !== undefined) {
      waits.set(job, delayMs)
      job.opts.backoff = { type: 'of-worker' }
    }
    return isDead && attempt < attempts ? permanent(error) : error
  }

  const worker = store.openWorker(
    queue,
    async (job, token) => {
      counters.began()
      try {
        const { deadlineMs, timeoutMs } = ownOptions(job.opts)
        const limits = { id: String(job.id), addedAt: job.timestamp, deadlineMs, timeoutMs }
        return store.pack(await running.run(limits, run => handler(new GivenJob(job, store, run))))
      } catch (error) {
        if (!(error instanceof GivenUp)) throw await failed(job, error)
        // Returned to the queue without losing an attempt.
        if (error.delayMs === 0) {
          await job.moveToWait(token)
          throw new WaitingError()
        }
        await job.moveToDelayed(Date.now() + error.delayMs, token)
        throw new DelayedError()
      } finally {
        counters.ended()
      }
    },
    {
      concurrency,
      settings: { backoffStrategy: (_attempt, _type, _error, job) => (job && waits.get(job)) ?? 0 },
      ...(lockMs === undefined ? {} : { lockDuration: lockMs, stalledInterval: lockMs }),
      ...(crashes === undefined ? {} : { maxStalledCount: crashes - 1 }),
      ...(rateLimit === undefined ? {} : { limiter: { max: rateLimit.max, duration: rateLimit.perMs } }),
    },
  )
  const watch = new CancelWatch({ store, queue, running })
  worker.on('completed', job => {
    counters.completed()
    watch.ended(String(job.id), job.processedOn ?? 0)
  })
  worker.on('failed', (job, error) => {
    const isDead =
      job !== undefined && (error instanceof UnrecoverableError || job.attemptsMade >= (job.opts.attempts || 1))
    counters.failed(error, isDead, job?.id)
    if (!job || !isDead) return
    watch.ended(String(job.id), job.processedOn ?? 0)
    // One that BullMQ gave up itself, after its workers had crashed, did not come by here.
    void copied(job, error, job.attemptsMade).then(cause => {
      if (cause !== undefined) counters.troubled(cause, job.id)
    })
  })
  worker.on('error', error => counters.troubled(error))

  async function close(timeoutMs: number): Promise<void> {
    const done = worker.close().finally(() => watch.close())
    done.catch(() => undefined)
    if (await endsWithin(done, timeoutMs)) return
    running.giveUp(`The worker ${name} is being closed`)
    // Jobs end now or are returned; only a server that does not answer can delay this.
    if (!(await endsWithin(done, 3_000))) await worker.disconnect()
  }

  return {
    name,
    queue,
    async pause({ waitForJobs = true } = {}) {
      counters.paused(true)
      if (!waitForJobs) return worker.pause(true)
      // BullMQ waits for no job when it is paused already.
      if (!paused && worker.isPaused()) void worker.resume()
      paused ??= worker.pause()
      return paused
    },
    resume() {
      paused = undefined
      counters.paused(false)
      void worker.resume()
    },
    report: () => counters.report(),
    get revision() {
      return counters.revision
    },
    close({ timeoutMs = 10_000 } = {}) {
      closed ??= close(timeoutMs)
      return closed
    },
  }
}

function permanent(error: Error): UnrecoverableError {
  const permanent = new UnrecoverableError(messageOf(error))
  permanent.stack = error.stack as string
  return permanent
}
