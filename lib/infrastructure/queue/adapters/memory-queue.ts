import type { BackendQueue } from '../backend.ts'
import { failureKind } from '../failure.ts'
import { type DeadLetter, type FoundJob, type JobCounts, QueueError } from '../port.ts'
import { addJob } from './memory-add.ts'
import { removeFamily } from './memory-flow.ts'
import type { MemoryStore, StoredJob } from './memory-store.ts'

/** A queue in memory. */
export function memoryQueue(name: string, jobs: MemoryStore): BackendQueue {
  const queue = jobs.find(name)
  const refuse = (code: 'QUEUE_JOB_MISSING' | 'QUEUE_JOB_STATE', why: string) =>
    new QueueError(`${why} in ${name}`, { code })
  let closed = false

  const refuseClosed = () => {
    if (closed) throw new QueueError(`The queue ${name} has been closed`, { code: 'QUEUE_CLOSED' })
  }
  function known(id: string): StoredJob {
    const job = queue.jobs.get(id)
    if (!job) throw refuse('QUEUE_JOB_MISSING', `There is no job ${id}`)
    return job
  }
  function remove(job: StoredJob): void {
    if (!removeFamily(jobs, job)) throw refuse('QUEUE_JOB_STATE', `The job ${job.id} is being worked on`)
  }
  return {
    name,
    prefix: 'memory',
    async add(job) {
      refuseClosed()
      return addJob(jobs, queue, job)
    },
    async addBulk(added) {
      refuseClosed()
      return added.map(job => addJob(jobs, queue, job))
    },
    async find(id) {
      const job = queue.jobs.get(id)
      return job && toFound(job)
    },
    async counts() {
      const counts: JobCounts = {
        waiting: 0,
        active: 0,
        delayed: 0,
        prioritized: 0,
        'waiting-children': 0,
        completed: 0,
        failed: 0,
      }
      for (const { state } of queue.jobs.values()) counts[state]++
      return counts
    },
    async pause() {
      queue.paused = true
    },
    async resume() {
      queue.paused = false
      for (const wake of queue.wake) wake()
    },
    isPaused: async () => queue.paused,
    async deadLetters({ offset = 0, limit = 100 } = {}) {
      const dead = [...queue.jobs.values()].filter(({ state }) => state === 'failed').sort((a, b) => b.turn - a.turn)
      return { total: dead.length, jobs: dead.slice(offset, offset + limit).map(toDeadLetter) }
    },
    async replay(id) {
      const job = known(id)
      if (job.state !== 'failed') throw refuse('QUEUE_JOB_STATE', `The job ${id} is not a dead letter`)
      job.attemptsMade = 0
      jobs.enqueue(job)
    },
    async remove(id) {
      const job = queue.jobs.get(id)
      if (job) remove(job)
      return job !== undefined
    },
    async cancel(id) {
      const job = known(id)
      if (job.state === 'completed' || job.state === 'failed')
        throw refuse('QUEUE_JOB_STATE', `The job ${id} has ended`)
      if (job.state !== 'active') {
        remove(job)
        return 'removed'
      }
      for (const cancel of queue.cancel) cancel(id)
      return 'aborting'
    },
    async close() {
      closed = true
    },
  }
}

function toFound({ id, name, text, state, attemptsMade, addedAt, progress, result, error }: StoredJob): FoundJob {
  return {
    id,
    name,
    data: JSON.parse(text),
    state,
    attemptsMade,
    addedAt,
    ...(progress === undefined ? {} : { progress: JSON.parse(progress) }),
    ...(state === 'completed' ? { result: result === undefined ? null : JSON.parse(result) } : {}),
    ...(error === '' ? {} : { error }),
  }
}

function toDeadLetter(job: StoredJob): DeadLetter {
  const { id, name, text, error, stacks, attemptsMade, options, addedAt, failedAt } = job
  return {
    id,
    name,
    data: JSON.parse(text),
    error,
    stacks: [...stacks],
    ...failureKind(name, error, stacks),
    attemptsMade,
    addedAt,
    failedAt,
    attempts: options.attempts ?? 1,
    priority: options.priority ?? 0,
    delayMs: options.delayMs ?? 0,
  }
}
