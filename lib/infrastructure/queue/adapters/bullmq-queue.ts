import type { BackendQueue, PreparedJob } from '../backend.ts'
import { failureKind } from '../failure.ts'
import { type AddedJob, type DeadLetter, type FoundJob, type JobState, QueueError } from '../port.ts'
import { bullmqCalls } from './bullmq-call.ts'
import { bullmqOptions } from './bullmq-options.ts'
import type { BullQueue, BullStore } from './bullmq-store.ts'

/** A queue of BullMQ 6, on the connection of its store, which stays open. */
export function bullmqQueue(name: string, { store, timeoutMs }: { store: BullStore; timeoutMs: number }): BackendQueue {
  const queue = store.openQueue(name)
  // Without a listener an error of the connection would end the process; calls report it themselves.
  queue.on('error', () => undefined)
  const run = bullmqCalls({ name, server: store.server, timeoutMs }, () => queue.waitUntilReady())
  const missing = (id: string) => new QueueError(`There is no job ${id} in ${name}`, { code: 'QUEUE_JOB_MISSING' })
  const beingWorkedOn = (id: string) =>
    new QueueError(`The job ${id} in ${name} is being worked on`, { code: 'QUEUE_JOB_STATE', retryable: true })

  return {
    name,
    prefix: store.prefix,
    add: job =>
      run(async () => {
        const opts = bullmqOptions(job)
        return addedAs(opts.jobId, job, await queue.add(job.name, store.pack(job.data), opts))
      }),
    addBulk: jobs =>
      run(async () => {
        const made = jobs.map(job => ({ name: job.name, data: store.pack(job.data), opts: bullmqOptions(job) }))
        const added = await queue.addBulk(made)
        return jobs.map((job, at) => addedAs(made[at]?.opts.jobId, job, added[at]))
      }),
    find: id =>
      run(async () => {
        const [job, state] = await Promise.all([queue.getJob(id), queue.getJobState(id)])
        return job && state !== 'unknown' ? toFound(job, state, store) : undefined
      }),
    counts: () => run(() => store.counts(name)),
    pause: () =>
      run(async () => {
        await store.checkVersion(name)
        await queue.pause()
      }),
    resume: () =>
      run(async () => {
        await store.checkVersion(name)
        // Also empties the paused list that BullMQ 5 left, 7,000 jobs a step.
        await queue.resume()
      }),
    isPaused: () => run(() => queue.isPaused()),
    deadLetters: ({ offset = 0, limit: size = 100 } = {}) =>
      run(async () => {
        const [total, jobs] = await Promise.all([
          queue.getFailedCount(),
          queue.getJobs('failed', offset, offset + size - 1),
        ])
        // A job may be removed between listing and reading.
        return { total, jobs: jobs.filter(job => job !== undefined).map(job => toDeadLetter(job, store)) }
      }),
    replay: id =>
      run(async () => {
        const answer = await store.replay(name, id)
        if (answer === 'missing') throw missing(id)
        if (answer === 'not dead')
          throw new QueueError(`The job ${id} in ${name} is not a dead letter`, { code: 'QUEUE_JOB_STATE' })
      }),
    remove: id =>
      run(async () => {
        if (!(await store.exists(name, id))) return false
        if ((await queue.remove(id)) > 0) return true
        throw beingWorkedOn(id)
      }),
    cancel: id =>
      run(async () => {
        const answer = await store.requestCancel(name, id)
        if (answer === 'missing') throw missing(id)
        if (answer === 'ended') throw new QueueError(`The job ${id} in ${name} has ended`, { code: 'QUEUE_JOB_STATE' })
        if (answer === 'requested') return 'aborting'
        // Of a parent, a child may be under way; the job itself may have begun just now.
        if ((await queue.remove(id)) === 0) throw beingWorkedOn(id)
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

function toDeadLetter(job: BullJob, store: BullStore): DeadLetter {
  const error = job.failedReason ?? ''
  const stacks = (job.stacktrace as string[]).filter(stack => stack !== null)
  return {
    id: String(job.id),
    name: job.name,
    data: store.unpack(job.data),
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

function toFound(job: BullJob, state: JobState, store: BullStore): FoundJob {
  const { id, name, data, attemptsMade, timestamp, progress, returnvalue, failedReason } = job
  return {
    id: String(id),
    name,
    data: store.unpack(data),
    state,
    attemptsMade,
    addedAt: timestamp,
    // BullMQ has no other sign of a job that never reported any.
    ...(progress === 0 ? {} : { progress: store.unpack(progress) }),
    ...(state === 'completed' ? { result: store.unpack(returnvalue) } : {}),
    ...(failedReason ? { error: failedReason } : {}),
  }
}
