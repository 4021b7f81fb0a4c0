import { AsyncLocalStorage } from 'node:async_hooks'
import type { DomainEvent } from './port.ts'

type Cause = Pick<DomainEvent, 'id' | 'correlationId'>

/** Which event is being handled, so that what its handler publishes says what led to it. */
export class Causes {
  readonly #current = new AsyncLocalStorage<Cause>()

  during<T>(cause: Cause, work: () => T): T {
    return this.#current.run(cause, work)
  }

  get current(): Cause | undefined {
    return this.#current.getStore()
  }
}
