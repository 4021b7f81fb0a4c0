import { Queue as BullQueue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { BackendQueue, PreparedJob } from '../backend.ts'
import { failureKind } from '../failure.ts'
import { type AddedJob, type DeadLetter, type FoundJob, type JobCounts, type JobState, QueueError } from '../port.ts'
import { bullmqCalls } from './bullmq-call.ts'
import { CANCELS, requestCancel } from './bullmq-cancel.ts'
import { bullmqOptions } from './bullmq-options.ts'
import { REPLAY } from './bullmq-scripts.ts'
import { answersOf } from './bullmq-server/answers.ts'

/** A queue of BullMQ 6. The connection is the caller's, and stays open. */
export function bullmqQueue(name: string, parts: { redis: Redis; prefix: string; timeoutMs: number }): BackendQueue {
  const { redis, prefix, timeoutMs } = parts
  const queue = new BullQueue(name, { connection: redis, prefix })
  // Without a listener an error of the connection would end the process; calls report it themselves.
  queue.on('error', () => undefined)
  const key = (part: string) => queue.toKey(part)
  const run = bullmqCalls(name, timeoutMs, () => queue.waitUntilReady())
  const missing = (id: string) => new QueueError(`There is no job ${id} in ${name}`, { code: 'QUEUE_JOB_MISSING' })
  const beingWorkedOn = (id: string) =>
    new QueueError(`The job ${id} in ${name} is being worked on`, { code: 'QUEUE_JOB_STATE', retryable: true })

  /** Older majors keep the jobs of a paused queue in another list: pausing here and resuming there loses jobs. */
  async function refuseOtherMajors(): Promise<void> {
    const version = await redis.hget(key('meta'), 'version')
    const major = /(\d+)\./.exec(version ?? '')?.[1]
    if (major !== undefined && major !== '6')
      throw new QueueError(`The queue ${name} was last used by BullMQ ${major}, whose paused queues look different`, {
        code: 'QUEUE_OTHER_MAJOR',
        nextStep: `Pause and resume it with BullMQ ${major}.`,
      })
  }

  return {
    name,
    prefix,
    add: job =>
      run(async () => {
        const opts = bullmqOptions(job)
        return addedAs(opts.jobId, job, await queue.add(job.name, job.data, opts))
      }),
    addBulk: jobs =>
      run(async () => {
        const made = jobs.map(job => ({ name: job.name, data: job.data, opts: bullmqOptions(job) }))
        const added = await queue.addBulk(made)
        return jobs.map((job, at) => addedAs(made[at]?.opts.jobId, job, added[at]))
      }),
    find: id =>
      run(async () => {
        const [job, state] = await Promise.all([queue.getJob(id), queue.getJobState(id)])
        return job && state !== 'unknown' ? toFound(job, state) : undefined
      }),
    counts: () =>
      run(async (): Promise<JobCounts> => {
        const read = redis.pipeline().llen(key('wait')).llen(key('paused')).llen(key('active'))
        for (const set of ['delayed', 'prioritized', 'waiting-children', 'completed', 'failed']) read.zcard(key(set))
        const counts = (await answersOf(read)).map(([error, count]) => {
          if (error) throw error
          return Number(count)
        })
        const [
          wait = 0,
          legacyPaused = 0,
          active = 0,
          delayed = 0,
          prioritized = 0,
          children = 0,
          completed = 0,
          failed = 0,
        ] = counts
        return {
          waiting: wait + legacyPaused,
          active,
          delayed,
          prioritized,
          'waiting-children': children,
          completed,
          failed,
        }
      }),
    pause: () =>
      run(async () => {
        await refuseOtherMajors()
        await queue.pause()
      }),
    resume: () =>
      run(async () => {
        await refuseOtherMajors()
        // Also empties the paused list that BullMQ 5 left, 7,000 jobs a step.
        await queue.resume()
      }),
    isPaused: () => run(() => queue.isPaused()),
    deadLetters: ({ offset = 0, limit: size = 100 } = {}) =>
      run(async () => {
        const [total, jobs] = await Promise.all([
          redis.zcard(key('failed')),
          queue.getJobs('failed', offset, offset + size - 1),
        ])
        // A job may be removed between listing and reading.
        return { total, jobs: jobs.filter(job => job !== undefined).map(toDeadLetter) }
      }),
    replay: id =>
      run(async () => {
        const parts = ['failed', 'wait', 'prioritized', 'pc', 'delayed', 'marker', 'meta', 'active', 'events', CANCELS]
        const answer = await redis.eval(REPLAY, 11, key(id), ...parts.map(key), id, Date.now())
        if (answer === -1) throw missing(id)
        if (answer === -3)
          throw new QueueError(`The job ${id} in ${name} is not a dead letter`, { code: 'QUEUE_JOB_STATE' })
      }),
    remove: id =>
      run(async () => {
        const existed = (await redis.exists(key(id))) === 1
        if (!existed) return false
        if ((await queue.remove(id)) === 1) return true
        throw beingWorkedOn(id)
      }),
    cancel: id =>
      run(async () => {
        const answer = await requestCancel(redis, key, id)
        if (answer === -1) throw missing(id)
        if (answer === -3) throw new QueueError(`The job ${id} in ${name} has ended`, { code: 'QUEUE_JOB_STATE' })
        if (answer === 1) return 'aborting'
        // Of a parent, a child may be under way; the job itself may have begun just now.
        if ((await queue.remove(id)) !== 1) throw beingWorkedOn(id)
        return 'removed'
      }),
    close: () => run(() => queue.close()),
  }
}

/** With a deduplication it has an id before it is added, and is answered with another one's when it was held back. */
function addedAs(given: string | undefined, { options }: PreparedJob, added: { id?: string } | undefined): AddedJob {
  const id = String(added?.id)
  return options.deduplication && id !== given ? { id, deduplicated: true } : { id }
}

type BullJob = Awaited<ReturnType<BullQueue['getJobs']>>[number]

function toDeadLetter(job: BullJob): DeadLetter {
  const error = job.failedReason ?? ''
  const stacks = (job.stacktrace as string[]).filter(stack => stack !== null)
  return {
    id: String(job.id),
    name: job.name,
    data: job.data,
    error,
    stacks,
    ...failureKind(job.name, error, stacks),
    attemptsMade: job.attemptsMade,
    attempts: job.opts.attempts || 1,
    priority: job.priority || 0,
    delayMs: job.opts.delay ?? 0,
    addedAt: job.timestamp,
    failedAt: job.finishedOn ?? 0,
  }
}

function toFound(job: BullJob, state: JobState): FoundJob {
  const { id, name, data, attemptsMade, timestamp, progress, returnvalue, failedReason } = job
  return {
    id: String(id),
    name,
    data,
    state,
    attemptsMade,
    addedAt: timestamp,
    // BullMQ has no other sign of a job that never reported any.
    ...(progress === 0 ? {} : { progress }),
    ...(state === 'completed' ? { result: returnvalue } : {}),
    ...(failedReason ? { error: failedReason } : {}),
  }
}
