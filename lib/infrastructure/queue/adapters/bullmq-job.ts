import type { Job as BullJob } from 'bullmq'
import type { Job } from '../port.ts'
import { ownOptions, traceOf } from './bullmq-options.ts'
import type { BullStore } from './bullmq-store.ts'

type Kept = Pick<BullStore, 'childName' | 'pack' | 'unpack' | 'packText'>

/** A job of BullMQ as a handler gets it. A class, because one is made for each job: its shape costs nothing then. */
export class GivenJob implements Job {
  readonly id: string
  readonly name: string
  data: unknown
  version?: number
  readonly traceparent?: string
  readonly tracestate?: string
  readonly attempt: number
  readonly attempts: number
  readonly addedAt: number
  readonly #job: BullJob
  readonly #store: Kept
  readonly #run: { readonly signal: AbortSignal }

  constructor(job: BullJob, store: Kept, run: { readonly signal: AbortSignal }) {
    this.#job = job
    this.#store = store
    this.#run = run
    this.id = String(job.id)
    this.name = job.name
    this.data = store.unpack(job.data)
    this.attempt = job.attemptsMade + 1
    this.attempts = job.opts.attempts || 1
    this.addedAt = job.timestamp
    const { version } = ownOptions(job.opts)
    if (version !== undefined) this.version = version
    const { traceparent, tracestate } = traceOf(job.opts)
    if (traceparent !== undefined) this.traceparent = traceparent
    if (tracestate !== undefined) this.tracestate = tracestate
  }

  get signal(): AbortSignal {
    return this.#run.signal
  }

  // Handlers take these out of the job.
  readonly log = async (line: string): Promise<void> => void (await this.#job.log(this.#store.packText(line)))
  readonly progress = (value: unknown): Promise<void> => this.#job.updateProgress(this.#store.pack(value) as object)
  readonly childrenValues = async (): Promise<Record<string, unknown>> =>
    this.#named(await this.#job.getChildrenValues(), value => this.#store.unpack(value))
  readonly childrenErrors = async (): Promise<Record<string, string>> =>
    this.#named(await this.#job.getIgnoredChildrenFailures(), reason => reason)
  readonly childrenCounts = async (): Promise<{ completed: number; failed: number }> => {
    const { processed = 0, ignored = 0 } = await this.#job.getDependenciesCount({ processed: true, ignored: true })
    return { completed: processed, failed: ignored }
  }

  /** Keys of children, `bull:orders:7`, as `orders:7`. */
  #named<T, R>(values: Record<string, T> | undefined, of: (value: T) => R): Record<string, R> {
    return Object.fromEntries(
      Object.entries(values ?? {}).map(([key, value]) => [this.#store.childName(key), of(value)]),
    )
  }
}
