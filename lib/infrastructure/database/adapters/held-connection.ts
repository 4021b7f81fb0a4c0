import { DatabaseError } from '../port.ts'

/** The part of postgres.js' Query that ends a running statement; its own `cancel` does not say when that was sent. */
export interface HeldQuery {
  canceller: ((query: HeldQuery) => Promise<unknown>) | null
}

/**
 * The connection that a transaction holds. Once it is lost nothing may be written to it, not even a rollback: postgres.js would write to
 * a socket that is gone, which ends the process, or to the connection that takes its place, which belongs to others.
 */
export class HeldConnection {
  /** Sent and not answered yet, the oldest first. */
  readonly running = new Set<HeldQuery>()
  #lost: DatabaseError | undefined
  #isClosed = false
  #loss: PromiseWithResolvers<never> | undefined

  /** Why it is lost. */
  get lost(): DatabaseError | undefined {
    return this.#lost
  }

  /** Why it takes no statement now: one that was made before may be sent much later. */
  get refusal(): DatabaseError | undefined {
    if (this.#lost || !this.#isClosed) return this.#lost
    return new DatabaseError('The transaction of this statement has ended', { code: 'DATABASE_CLOSED' })
  }

  /** Of statements of the work; postgres.js itself can still end the transaction, or go back to a savepoint. */
  close(): void {
    this.#isClosed = true
  }

  open(): void {
    this.#isClosed = false
  }

  failed(error: DatabaseError): void {
    if (!endsConnection(error)) return
    this.#lost ??= error
    this.#loss?.reject(this.#lost)
  }

  /** As the promise, but rejects once the connection is lost. */
  orLost<T>(promise: Promise<T>): Promise<T> {
    if (!this.#loss) {
      this.#loss = Promise.withResolvers<never>()
      this.#loss.promise.catch(() => undefined)
      if (this.#lost) this.#loss.reject(this.#lost)
    }
    return Promise.race([promise, this.#loss.promise])
  }

  /** The outcome of the work; none once the connection is lost, so that postgres.js rejects with the loss and sends nothing more. */
  async unlessLost(work: unknown): Promise<unknown> {
    try {
      const result = await work
      return this.#lost ? await never() : result
    } catch (error) {
      if (this.#lost) await never()
      throw error
    }
  }

  /** Ends the running statement, and those sent after it fail with it. Resolves when the server has been told. */
  async cancelRunning(): Promise<void> {
    const [first] = this.running
    // The connection that tells it may fail as well; then the statement is left to the server's own timeout.
    await first?.canceller?.(first).catch(() => undefined)
  }
}

const never = () => new Promise<never>(() => undefined)

function endsConnection({ code, cause }: DatabaseError): boolean {
  if (code === 'DATABASE_CLOSED') return true
  const severity = (cause as { severity?: string } | undefined)?.severity
  return severity === undefined ? code === 'DATABASE_UNREACHABLE' : severity === 'FATAL' || severity === 'PANIC'
}
