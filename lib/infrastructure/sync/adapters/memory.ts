import { SyncError } from '../port.ts'
import type { Held, SyncStore, SyncUnit } from '../store.ts'
import { isNewer } from '../versions.ts'

interface Item {
  version: string
  pass?: string
  removed: boolean
}

class Kept {
  state: string | undefined
  fence = 0
  heldUntil = 0
  /** Its holder is in a step. */
  isInStep = false
  readonly items = new Map<string, Item>()
  /** Steps are taken one after another. */
  last: Promise<unknown> = Promise.resolve()
}

/** For one process, which forgets with it: tests, and sources that are small. */
export function memorySyncStore(): SyncStore {
  const syncs = new Map<string, Kept>()
  const of = (name: string): Kept => {
    const kept = syncs.get(name) ?? new Kept()
    syncs.set(name, kept)
    return kept
  }
  const now = () => performance.now()
  const holds = (kept: Kept, { fence, leaseMs }: Held) => {
    if (kept.fence !== fence) return false
    kept.heldUntil = now() + leaseMs
    return true
  }
  return {
    async take(sync, leaseMs) {
      const kept = of(sync)
      if (kept.isInStep || kept.heldUntil > now()) return undefined
      kept.fence++
      kept.heldUntil = now() + leaseMs
      return { fence: kept.fence, leaseMs, ...(kept.state === undefined ? {} : { state: kept.state }) }
    },
    async renew(sync, held) {
      return holds(of(sync), held)
    },
    async release(sync, { fence }) {
      const kept = of(sync)
      if (kept.fence === fence) kept.heldUntil = 0
    },
    async read(sync) {
      const { state, heldUntil, isInStep } = of(sync)
      return { running: isInStep || heldUntil > now(), ...(state === undefined ? {} : { state }) }
    },
    unit(sync, held, work) {
      const kept = of(sync)
      const step = kept.last.then(async () => {
        if (held && !holds(kept, held))
          throw new SyncError(`Another run has taken over ${sync}: this page was not kept`, { code: 'SYNC_LOST' })
        const draft = new Draft(kept)
        kept.isInStep = held !== undefined
        try {
          const result = await work(unitOn(draft))
          draft.keep()
          kept.state = draft.state
          return result
        } finally {
          if (held) holds(kept, held)
          kept.isInStep = false
        }
      })
      kept.last = step.catch(() => undefined)
      return step
    },
    async close() {},
  }
}

/** Changes of a step, which are only made once it has succeeded. Undefined: removed. */
class Draft {
  state: string | undefined
  readonly #items: Map<string, Item>
  readonly #changes = new Map<string, Item | undefined>()

  constructor({ items, state }: Kept) {
    this.#items = items
    this.state = state
  }

  get(id: string): Item | undefined {
    return this.#changes.has(id) ? this.#changes.get(id) : this.#items.get(id)
  }

  set(id: string, item: Item | undefined): void {
    this.#changes.set(id, item)
  }

  all(): [id: string, Item][] {
    const merged = new Map<string, Item | undefined>([...this.#items, ...this.#changes])
    return [...merged].flatMap(([id, item]) => (item ? [[id, item] as [string, Item]] : []))
  }

  known(): [id: string, Item][] {
    return this.all().filter(([, { removed }]) => !removed)
  }

  keep(): void {
    for (const [id, item] of this.#changes) {
      if (item) this.#items.set(id, item)
      else this.#items.delete(id)
    }
  }
}

function unitOn(draft: Draft): SyncUnit {
  const unseen = (pass: string) => draft.known().filter(([, item]) => item.pass !== pass)
  return {
    async see(items, order, pass) {
      const changed = new Set<string>()
      for (const { id, version } of items) {
        const known = draft.get(id)
        const isChanged = !known || isNewer(version, known.version, order)
        if (isChanged) changed.add(id)
        const seenIn = pass ?? known?.pass
        const item = known && !isChanged ? known : { version, removed: false }
        draft.set(id, { ...item, ...(seenIn === undefined ? {} : { pass: seenIn }) })
      }
      return changed
    },
    async count(pass) {
      return { known: draft.known().length, unseen: unseen(pass).length }
    },
    async forgetUnseen(pass, limit) {
      for (const [id, item] of draft.all()) if (item.removed && item.pass !== pass) draft.set(id, undefined)
      const ids = unseen(pass).map(([id]) => id)
      const some = ids.sort().slice(0, limit)
      for (const id of some) draft.set(id, undefined)
      return some
    },
    async forget(id) {
      draft.set(id, undefined)
    },
    async bury({ id, version }, order) {
      const known = draft.get(id)
      if (known && isNewer(known.version, version, order)) return false
      draft.set(id, { ...known, version, removed: true })
      return true
    },
    async state() {
      return draft.state
    },
    async save(state) {
      draft.state = state
    },
  }
}
