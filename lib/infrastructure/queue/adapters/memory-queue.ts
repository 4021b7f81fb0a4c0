import { newId } from '../../../core/ids.ts'
import { failureKind } from '../failure.ts'
import { checkedJob } from '../job-rules.ts'
import { type DeadLetter, type JobCounts, type JobOptions, type Queue, QueueError } from '../port.ts'
import type { MemoryStore, StoredJob } from './memory-store.ts'

/** A queue in memory. */
export function memoryQueue(name: string, jobs: MemoryStore): Queue {
  const queue = jobs.find(name)
  const refuse = (code: 'QUEUE_JOB_MISSING' | 'QUEUE_JOB_STATE', why: string) =>
    new QueueError(`${why} in ${name}`, { code })
  let closed = false

  function make(job: string, data: unknown, options: JobOptions): StoredJob {
    if (closed) throw new QueueError(`The queue ${name} has been closed`, { code: 'QUEUE_CLOSED' })
    const text = checkedJob(name, data, options)
    const { id = newId() } = options
    return {
      id,
      name: job,
      data: text,
      options,
      state: 'waiting',
      turn: 0,
      attemptsMade: 0,
      addedAt: Date.now(),
      failedAt: 0,
      error: '',
      stacks: [],
    }
  }
  function store(job: StoredJob): { id: string } {
    if (!queue.jobs.has(job.id)) {
      queue.jobs.set(job.id, job)
      jobs.enqueue(queue, job, job.options.delayMs ?? 0)
    }
    return { id: job.id }
  }
  return {
    name,
    prefix: 'memory',
    add: async (job, data, options = {}) => store(make(job, data, options)),
    addBulk: async added => added.map(({ name: job, data, options = {} }) => make(job, data, options)).map(store),
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
      const job = queue.jobs.get(id)
      if (!job) throw refuse('QUEUE_JOB_MISSING', `There is no job ${id}`)
      if (job.state !== 'failed') throw refuse('QUEUE_JOB_STATE', `The job ${id} is not a dead letter`)
      job.attemptsMade = 0
      jobs.enqueue(queue, job, job.options.delayMs ?? 0)
    },
    async remove(id) {
      const job = queue.jobs.get(id)
      if (job?.state === 'active') throw refuse('QUEUE_JOB_STATE', `The job ${id} is being worked on`)
      clearTimeout(job?.timer)
      return queue.jobs.delete(id)
    },
    async close() {
      closed = true
    },
  }
}

function toDeadLetter(job: StoredJob): DeadLetter {
  const { id, name, data, error, stacks, attemptsMade, options, addedAt, failedAt } = job
  return {
    id,
    name,
    data: JSON.parse(data),
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
