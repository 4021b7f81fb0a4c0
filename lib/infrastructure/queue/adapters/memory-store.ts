import type { PreparedJob } from '../backend.ts'
import type { Deduplication, FlowJob, JobState } from '../port.ts'

export interface StoredJob extends Omit<PreparedJob, 'data'> {
  id: string
  queue: StoredQueue
  state: JobState
  /** Order of arrival in its state. */
  turn: number
  attemptsMade: number
  addedAt: number
  failedAt: number
  error: string
  stacks: string[]
  /** As JSON. */
  progress?: string
  result?: string
  timer?: NodeJS.Timeout
  /** Why it fails as soon as a worker takes it: a child of it did. */
  doomed?: string
  parent?: { job: StoredJob; ifItFails: NonNullable<FlowJob['ifItFails']> }
  /** Children by `<queue>:<id>`: what they resolved with as JSON, or the error of one that is ignored. */
  children: Map<string, { state: 'pending' | 'completed' | 'ignored'; value?: string }>
}

interface Held {
  job: StoredJob
  until?: number
}

/** Fewer are not worth a look. */
const LEAST_SWEPT = 100

export interface StoredQueue {
  name: string
  jobs: Map<string, StoredJob>
  paused: boolean
  /** The most jobs at a time, over all its workers. */
  concurrency?: number
  /** Within which so many jobs have begun. */
  window?: { until: number; begun: number }
  /** By id: the job for which others are held back, and until when where that is limited. */
  held: Map<string, Held>
  /** With so many held, those whose time is over are removed. */
  sweepHeldAt: number
  /** Wakes the workers of this queue. */
  wake: Set<() => void>
  /** Ends a job under way in one of its workers. */
  cancel: Set<(id: string) => boolean>
}

/** The queues of one process, and how jobs move between their states. */
export class MemoryStore {
  readonly #queues = new Map<string, StoredQueue>()
  #turns = 0

  find(name: string): StoredQueue {
    let queue = this.#queues.get(name)
    if (!queue) {
      const empty = { jobs: new Map(), held: new Map(), wake: new Set<() => void>(), cancel: new Set<() => boolean>() }
      queue = { name, paused: false, sweepHeldAt: LEAST_SWEPT, ...empty }
      this.#queues.set(name, queue)
    }
    return queue
  }

  enqueue(job: StoredJob, delayMs = delayOf(job)): void {
    const { queue } = job
    job.turn = ++this.#turns
    if (delayMs > 0) {
      job.state = 'delayed'
      job.timer = setTimeout(() => this.enqueue(job, 0), delayMs)
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
    if (state === 'failed') job.failedAt = Date.now()
    release(job, held => held.until === undefined)
  }

  remove(job: StoredJob): void {
    clearTimeout(job.timer)
    job.queue.jobs.delete(job.id)
    release(job, () => true)
  }

  clear(): void {
    for (const { jobs } of this.#queues.values()) for (const { timer } of jobs.values()) clearTimeout(timer)
    this.#queues.clear()
  }
}

/** Debounced it begins so long after it was added. */
export function delayOf({ options: { delayMs = 0, deduplication } }: Pick<PreparedJob, 'options'>): number {
  return deduplication?.mode === 'debounce' ? deduplication.ttlMs : delayMs
}

/** The job for which one with this deduplication is held back now. */
export function heldFor({ held }: StoredQueue, { id }: Deduplication): StoredJob | undefined {
  const holder = held.get(id)
  return holder && (holder.until === undefined || holder.until > Date.now()) ? holder.job : undefined
}

/** Others with this id are held back for it. */
export function hold(queue: StoredQueue, id: string, holder: Held): void {
  const { held } = queue
  held.set(id, holder)
  if (held.size < queue.sweepHeldAt) return
  const now = Date.now()
  for (const [key, { until }] of held) if (until !== undefined && until <= now) held.delete(key)
  // Each addition pays for a constant share of the sweep, however many are held.
  queue.sweepHeldAt = Math.max(LEAST_SWEPT, held.size * 2)
}

function release(job: StoredJob, when: (held: { until?: number }) => boolean): void {
  const { deduplication } = job.options
  const held = deduplication && job.queue.held.get(deduplication.id)
  if (held?.job === job && when(held)) job.queue.held.delete(deduplication?.id ?? '')
}

function comesBefore(a: StoredJob, b: StoredJob): boolean {
  const [first, second] = [a.options.priority ?? 0, b.options.priority ?? 0]
  return first === second ? a.turn < b.turn : first < second
}
