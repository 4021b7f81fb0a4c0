import { endsWithin } from '../give-up.ts'
import type { RunningJobs } from '../running-jobs.ts'
import type { BullStore } from './bullmq-store.ts'

/** How often a worker with jobs under way asks which of them were cancelled (ms): BullMQ's own cancelJob is for one process. */
const ASK_EVERY_MS = 500
/** Ends the jobs of a worker that were cancelled, in whichever process that was asked for. */
export class CancelWatch {
  readonly #store: BullStore
  readonly #queue: string
  readonly #running: RunningJobs
  readonly #timer: NodeJS.Timeout
  /** Jobs that ended since the last look, and when their last attempt began (ms): a request for that one must not end them when they are replayed. */
  readonly #ended = new Map<string, number>()
  /** Requests that the last look found. */
  #asked: Record<string, number> = {}
  #looking: Promise<void> | undefined

  constructor({ store, queue, running }: { store: BullStore; queue: string; running: RunningJobs }) {
    this.#store = store
    this.#queue = queue
    this.#running = running
    this.#timer = setInterval(() => this.#look(), ASK_EVERY_MS)
    this.#timer.unref()
  }

  /** For good: completed or a dead letter. */
  ended(id: string, processedOn: number): void {
    this.#ended.set(id, processedOn)
    if (Object.hasOwn(this.#asked, id)) void this.#look()
  }

  /** Once no job is under way here any more. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    const looked = Promise.resolve(this.#looking).then(() => this.#look())
    // No worker needs to wait for a server that is away.
    await endsWithin(looked, ASK_EVERY_MS)
  }

  /** One at a time, or they would pile up while the server is away; what failed is asked again at the next turn. */
  #look(): Promise<void> {
    this.#looking ??= this.#endCancelled()
      .catch(() => undefined)
      .finally(() => {
        this.#looking = undefined
      })
    return this.#looking
  }

  async #endCancelled(): Promise<void> {
    if (this.#running.size === 0 && this.#ended.size === 0) return
    const ended = [...this.#ended]
    this.#asked = await this.#store.cancels(this.#queue)
    const done: string[] = []
    for (const [id, processedOn] of Object.entries(this.#asked)) {
      if (processedOn <= (this.#ended.get(id) ?? -1)) done.push(id)
      else this.#running.cancel(id)
    }
    if (done.length > 0) await this.#store.forgetCancels(this.#queue, done)
    for (const [id, processedOn] of ended) if (this.#ended.get(id) === processedOn) this.#ended.delete(id)
  }
}
