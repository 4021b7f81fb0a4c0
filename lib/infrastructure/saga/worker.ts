import { type SagaDefinition, SagaError, type WorkOptions } from './port.ts'
import { runSaga } from './run.ts'
import type { SagaStore } from './store.ts'

interface Parts {
  store: SagaStore
  // biome-ignore lint/suspicious/noExplicitAny: what its input is, only the code that starts it knows.
  definitions: ReadonlyMap<string, SagaDefinition<any>>
  onError(error: unknown): void
  onChange(): void
}

/** Takes the sagas that are due, and carries on so many at once. */
export class SagaWorker {
  readonly #parts: Parts
  readonly #runs = new Set<Promise<void>>()
  readonly #draining = new AbortController()
  readonly #stopping = new AbortController()
  readonly #waiting = new Set<() => void>()
  #options: Required<WorkOptions> | undefined
  #timer: NodeJS.Timeout | undefined
  #taking: Promise<void> | undefined
  #again = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  start({ concurrency = 10, pollMs = 1_000, leaseMs = 30_000 }: WorkOptions): void {
    if (!(Number.isInteger(concurrency) && concurrency >= 1 && pollMs >= 10 && leaseMs >= 100))
      throw new SagaError('concurrency is 1 or more, pollMs 10 or more, leaseMs 100 or more', { code: 'SAGA_OPTIONS' })
    this.#options = { concurrency, pollMs, leaseMs }
    this.wake()
  }

  /** Looks at once for what is due. */
  wake(): void {
    if (!this.#options) return
    this.#again = true
    this.#taking ??= this.#take(this.#options).finally(() => {
      this.#taking = undefined
      if (this.#again) this.wake()
    })
  }

  async #take({ concurrency, pollMs, leaseMs }: Required<WorkOptions>): Promise<void> {
    const { store, definitions, onError } = this.#parts
    this.#again = false
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.wake(), pollMs).unref()
    const free = concurrency - this.#runs.size
    if (free <= 0 || definitions.size === 0) return
    try {
      const taken = await store.take([...definitions.keys()], free, leaseMs)
      for (const { held, saga } of taken) {
        const definition = definitions.get(saga.saga)
        if (definition)
          this.#run({ definition, held, saga, store, draining: this.#draining.signal, signal: this.#stopping.signal })
      }
    } catch (error) {
      onError(error)
    }
  }

  #run(run: Parameters<typeof runSaga>[0]): void {
    const done = runSaga(run)
      .catch(error => this.#parts.onError(error))
      .finally(() => {
        this.#runs.delete(done)
        for (const resolve of this.#waiting) resolve()
        this.#parts.onChange()
        this.wake()
      })
    this.#runs.add(done)
  }

  /** Resolves when one of this process has come to a rest, and after so many ms in any case. */
  async ended(withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, withinMs)
    this.#waiting.add(resolve)
    await promise
    clearTimeout(timer)
    this.#waiting.delete(resolve)
  }

  async stop(timeoutMs: number): Promise<void> {
    const options = this.#options
    this.#options = undefined
    clearTimeout(this.#timer)
    if (!options) return
    this.#draining.abort()
    await this.#taking
    const timer = setTimeout(() => this.#stopping.abort(new Error('the process stops')), timeoutMs)
    await Promise.all(this.#runs)
    clearTimeout(timer)
  }
}
