import type { JobOptions, JobState } from '../port.ts'

export interface StoredJob {
  id: string
  name: string
  data: string
  options: JobOptions
  state: JobState
  /** Order of arrival in its state. */
  turn: number
  attemptsMade: number
  addedAt: number
  failedAt: number
  error: string
  stacks: string[]
  timer?: NodeJS.Timeout
}

export interface StoredQueue {
  jobs: Map<string, StoredJob>
  paused: boolean
  /** The most jobs at a time, over all its workers. */
  concurrency?: number
  /** Wakes the workers of this queue. */
  wake: Set<() => void>
}

/** The queues of one process, and how jobs move between their states. */
export class MemoryStore {
  readonly #queues = new Map<string, StoredQueue>()
  #turns = 0

  find(name: string): StoredQueue {
    const queue = this.#queues.get(name) ?? { jobs: new Map(), paused: false, wake: new Set() }
    this.#queues.set(name, queue)
    return queue
  }

  enqueue(queue: StoredQueue, job: StoredJob, delayMs: number): void {
    job.turn = ++this.#turns
    if (delayMs > 0) {
      job.state = 'delayed'
      job.timer = setTimeout(() => this.enqueue(queue, job, 0), delayMs)
      job.timer.unref()
      return
    }
    job.state = (job.options.priority ?? 0) > 0 ? 'prioritized' : 'waiting'
    for (const wake of queue.wake) wake()
  }

  take(queue: StoredQueue): StoredJob | undefined {
    if (queue.paused || this.#isFull(queue)) return undefined
    let first: StoredJob | undefined
    for (const job of queue.jobs.values()) {
      if (job.state !== 'waiting' && job.state !== 'prioritized') continue
      if (first === undefined || comesBefore(job, first)) first = job
    }
    if (first) first.state = 'active'
    return first
  }

  #isFull({ concurrency = Number.POSITIVE_INFINITY, jobs }: StoredQueue): boolean {
    if (!Number.isFinite(concurrency)) return false
    let active = 0
    for (const { state } of jobs.values()) if (state === 'active') active++
    return active >= concurrency
  }

  finish(job: StoredJob, state: 'completed' | 'failed'): void {
    job.turn = ++this.#turns
    job.state = state
  }

  clear(): void {
    for (const { jobs } of this.#queues.values()) for (const { timer } of jobs.values()) clearTimeout(timer)
    this.#queues.clear()
  }
}

function comesBefore(a: StoredJob, b: StoredJob): boolean {
  const [first, second] = [a.options.priority ?? 0, b.options.priority ?? 0]
  return first === second ? a.turn < b.turn : first < second
}
