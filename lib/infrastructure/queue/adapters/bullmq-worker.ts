import { Worker as BullWorker, UnrecoverableError, WaitingError } from 'bullmq'
import type { Redis } from 'ioredis'
import { messageOf } from '../../../core/errors.ts'
import { WorkerCounters } from '../counters.ts'
import { endsWithin, GivenUp, untilGivenUp } from '../give-up.ts'
import { type JobHandler, PermanentJobError, type Worker, type WorkerOptions } from '../port.ts'

/** A worker of BullMQ 6. It blocks on a connection of its own, a duplicate of the one passed in, which stays open. */
export function bullmqWorker(
  queue: string,
  handler: JobHandler,
  options: WorkerOptions & { redis: Redis; prefix: string },
): Worker {
  const { redis, prefix, name = queue, concurrency = 1, lockMs } = options
  const counters = new WorkerCounters(queue, prefix, options)
  const closing = new AbortController()
  let closed: Promise<void> | undefined
  /** A pause that waits for jobs, until it is resumed. */
  let paused: Promise<void> | undefined

  const worker = new BullWorker(
    queue,
    async (job, token) => {
      counters.began()
      try {
        const { signal } = closing
        const log = async (line: string) => void (await job.log(line))
        const attempts = job.opts.attempts || 1
        const given = { id: String(job.id), name: job.name, data: job.data, attempt: job.attemptsMade + 1, attempts }
        return await untilGivenUp(() => handler({ ...given, signal, log }), signal)
      } catch (error) {
        if (error instanceof GivenUp) {
          // Returned to the queue without losing an attempt.
          await job.moveToWait(token)
          throw new WaitingError()
        }
        if (error instanceof PermanentJobError) throw permanent(error)
        // BullMQ reads fields of what was thrown: with undefined the job would stay active until its lock expires.
        throw error instanceof Error ? error : new Error(messageOf(error), { cause: error })
      } finally {
        counters.ended()
      }
    },
    {
      connection: redis,
      prefix,
      concurrency,
      ...(lockMs === undefined ? {} : { lockDuration: lockMs, stalledInterval: lockMs }),
    },
  )
  worker.on('completed', () => counters.completed())
  worker.on('failed', (job, error) => {
    const isDead =
      job !== undefined && (error instanceof UnrecoverableError || job.attemptsMade >= (job.opts.attempts || 1))
    counters.failed(error, isDead, job?.id)
  })
  worker.on('error', error => counters.troubled(error))

  async function close(timeoutMs: number): Promise<void> {
    const done = worker.close()
    done.catch(() => undefined)
    if (await endsWithin(done, timeoutMs)) return
    closing.abort(new Error(`The worker ${name} is being closed`))
    // Jobs end now or are returned; only a Redis that does not answer can delay this.
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

function permanent(error: PermanentJobError): UnrecoverableError {
  const permanent = new UnrecoverableError(messageOf(error))
  permanent.stack = error.stack as string
  return permanent
}
