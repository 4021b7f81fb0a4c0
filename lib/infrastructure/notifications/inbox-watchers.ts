import type { InboxChange } from './inbox.ts'

type Watcher = (change: InboxChange) => void

/** Who watches which recipient in this process. */
export class InboxWatchers {
  readonly #byRecipient = new Map<string, Set<Watcher>>()

  add(recipient: string, watcher: Watcher): () => void {
    const watchers = this.#byRecipient.get(recipient) ?? new Set()
    this.#byRecipient.set(recipient, watchers.add(watcher))
    return () => {
      watchers.delete(watcher)
      if (watchers.size === 0 && this.#byRecipient.get(recipient) === watchers) this.#byRecipient.delete(recipient)
    }
  }

  tell(recipient: string, change: InboxChange): void {
    for (const watcher of this.#byRecipient.get(recipient) ?? []) call(watcher, change)
  }

  tellAll(change: InboxChange): void {
    for (const recipient of this.#byRecipient.keys()) this.tell(recipient, change)
  }
}

function call(watcher: Watcher, change: InboxChange): void {
  try {
    watcher(change)
  } catch (error) {
    // One watcher must not keep the others from hearing it.
    process.emitWarning(error instanceof Error ? error : String(error), 'InboxWatcherWarning')
  }
}
