import { Queue as BullQueue, type JobsOptions } from 'bullmq'
import type { Redis } from 'ioredis'
import { timeout } from '../../resilience/index.ts'
import { failureKind } from '../failure.ts'
import { checkedJob } from '../job-rules.ts'
import { type DeadLetter, type JobCounts, type JobOptions, type Queue, QueueError } from '../port.ts'
import { queueError } from './bullmq-error.ts'
import { REPLAY } from './bullmq-scripts.ts'
import { answersOf } from './bullmq-server/answers.ts'

/** A queue of BullMQ 6. The connection is the caller's, and stays open. */
export function bullmqQueue(name: string, parts: { redis: Redis; prefix: string; timeoutMs: number }): Queue {
  const { redis, prefix, timeoutMs } = parts
  const queue = new BullQueue(name, { connection: redis, prefix })
  // Without a listener an error of the connection would end the process; calls report it themselves.
  queue.on('error', () => undefined)
  const key = (part: string) => queue.toKey(part)
  const limit = timeout(`The queue ${name}`, timeoutMs)

  /** BullMQ waits for its connection without limit; here no call takes longer than the timeout. */
  async function run<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await limit.execute(async () => {
        await queue.waitUntilReady()
        return call()
      })
    } catch (error) {
      throw queueError(name, error)
    }
  }

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
    add: (job, data, options) =>
      run(async () => {
        checkedJob(name, data, options)
        const added = await queue.add(job, data, toBullmq(options))
        return { id: String(added.id) }
      }),
    addBulk: jobs =>
      run(async () => {
        for (const { data, options } of jobs) checkedJob(name, data, options)
        const made = jobs.map(({ name: job, data, options }) => ({ name: job, data, opts: toBullmq(options) }))
        return (await queue.addBulk(made)).map(({ id }) => ({ id: String(id) }))
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
        const parts = ['failed', 'wait', 'prioritized', 'pc', 'delayed', 'marker', 'meta', 'active', 'events']
        const answer = await redis.eval(REPLAY, 10, key(id), ...parts.map(key), id, Date.now())
        if (answer === -1) throw new QueueError(`There is no job ${id} in ${name}`, { code: 'QUEUE_JOB_MISSING' })
        if (answer === -3)
          throw new QueueError(`The job ${id} in ${name} is not a dead letter`, { code: 'QUEUE_JOB_STATE' })
      }),
    remove: id =>
      run(async () => {
        const existed = (await redis.exists(key(id))) === 1
        if (!existed) return false
        if ((await queue.remove(id)) === 1) return true
        throw new QueueError(`The job ${id} in ${name} is being worked on`, {
          code: 'QUEUE_JOB_STATE',
          retryable: true,
        })
      }),
    close: () => run(() => queue.close()),
  }
}

function toBullmq(options: JobOptions = {}): JobsOptions {
  const { id, delayMs, priority, attempts, backoff, keepCompleted } = options
  return {
    ...(id === undefined ? {} : { jobId: id }),
    ...(delayMs === undefined ? {} : { delay: delayMs }),
    ...(priority === undefined ? {} : { priority }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(backoff === undefined ? {} : { backoff: { type: backoff.kind, delay: backoff.delayMs } }),
    ...(keepCompleted === undefined ? {} : { removeOnComplete: { count: keepCompleted } }),
  }
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
