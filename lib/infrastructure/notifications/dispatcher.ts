import type { Queues } from '../queue/index.ts'
import type { NotificationStore } from './store.ts'

/** How many are added to the queue at once. */
const PIECE = 500
/** After which one is added again whose job has not begun (ms): in vain while that still waits, since it has the same id. */
const QUEUED_FOR = 30_000
/** Of BullMQ: jobs without a priority come first. */
const LATER = 10

export const QUEUE = 'notifications'

interface Parts {
  store: NotificationStore
  queues: Queues
  onError(error: unknown): void
}

/** Adds what is due to the queue. What was stored and not added is found by the next look, of any process. */
export class Dispatcher {
  readonly #parts: Parts
  #pollMs: number | undefined
  /** Found, and not added yet, because the queue did not answer. */
  #found: Awaited<ReturnType<NotificationStore['due']>> = []
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #again = false
  #stopped = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  start(pollMs: number): void {
    this.#pollMs = pollMs
    this.wake()
  }

  wake(): void {
    if (this.#stopped) return
    this.#again = true
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
      if (this.#again) this.wake()
    })
  }

  async #look(): Promise<void> {
    const { store, queues, onError } = this.#parts
    this.#again = false
    clearTimeout(this.#timer)
    if (this.#pollMs !== undefined) this.#timer = setTimeout(() => this.wake(), this.#pollMs).unref()
    try {
      const queue = await queues.queue(QUEUE)
      do {
        if (this.#found.length === 0) this.#found = await store.due(PIECE, QUEUED_FOR)
        if (this.#found.length === 0) return
        await queue.addBulk(
          this.#found.map(({ id, fence, urgent }) => ({
            name: 'send',
            data: { id },
            // What it has come to is kept with the notification. With each taking it has a new fence.
            options: { id: `${id}-${fence}`, keepCompleted: 0, ...(urgent ? {} : { priority: LATER }) },
          })),
        )
        this.#found = []
      } while (!this.#stopped)
    } catch (error) {
      onError(error)
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#looking
  }
}
