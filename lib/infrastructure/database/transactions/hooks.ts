import type { RollbackReason, TransactionHooks } from './port.ts'

/** What is to be called at the end of a transaction or a savepoint. */
export class Hooks implements TransactionHooks {
  readonly #onError: (error: unknown) => void
  #committed: (() => unknown)[] = []
  #rolledBack: ((reason: RollbackReason) => unknown)[] = []

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  afterCommit(hook: () => unknown): void {
    this.#committed.push(hook)
  }

  afterRollback(hook: (reason: RollbackReason) => unknown): void {
    this.#rolledBack.push(hook)
  }

  /** A savepoint that is kept ends as the transaction around it does. */
  moveTo(outer: Hooks): void {
    outer.#committed.push(...this.#committed)
    outer.#rolledBack.push(...this.#rolledBack)
  }

  async committed(): Promise<void> {
    for (const hook of this.#committed) await this.#call(hook)
  }

  async rolledBack(reason: RollbackReason): Promise<void> {
    for (const hook of this.#rolledBack) await this.#call(() => hook(reason))
  }

  /** The transaction is over, so no hook can change its outcome. */
  async #call(hook: () => unknown): Promise<void> {
    try {
      await hook()
    } catch (error) {
      this.#onError(error)
    }
  }
}
