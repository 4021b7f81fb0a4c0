import { transactionOf } from './pass.ts'
import { type Sync, type SyncDefinition, SyncError, type Syncs } from './port.ts'
import { pulling } from './pull.ts'
import { runSync, save } from './run.ts'
import { shownState, stateIn } from './state.ts'
import type { SyncStore } from './store.ts'
import { checkedId, KnownVersions } from './versions.ts'

/** The syncs of one process. */
export function syncsOver(store: SyncStore): Syncs {
  const names = new Set<string>()
  const runs = new Set<Promise<unknown>>()
  const closing = new AbortController()
  let closed: Promise<void> | undefined

  function assertOpen() {
    if (closed) throw new SyncError('The syncs of this process have been closed', { code: 'SYNC_CLOSED' })
  }

  function define<Item>(definition: SyncDefinition<Item>): Sync<Item> {
    check(definition)
    const { name } = definition
    if (names.has(name)) throw new SyncError(`${name} is defined twice`, { code: 'SYNC_OPTIONS' })
    names.add(name)
    const pull = pulling(definition.retry)
    const versions = new KnownVersions(definition)
    return {
      name,
      async run({ signal, onProgress } = {}) {
        assertOpen()
        const either = AbortSignal.any([closing.signal, ...(signal ? [signal] : [])])
        const run = runSync({ definition, versions, store, pull, signal: either, onProgress })
        runs.add(run)
        return run.finally(() => runs.delete(run))
      },
      async receive(items) {
        assertOpen()
        const { order, seen } = versions.of(items)
        return store.unit(name, undefined, async unit => {
          // A full pass under way may have pulled the page where it would be: then it must not count as unseen.
          const pass = definition.strategy === 'full' ? stateIn(await unit.state()).pass?.id : undefined
          const isChanged = await unit.see(seen, order, pass)
          const changed = seen.flatMap(({ id, item }) => (isChanged.has(id) ? [item] : []))
          if (changed.length > 0) await definition.apply(changed, { ...transactionOf(unit), signal: closing.signal })
          return changed.length
        })
      },
      async receiveRemoval(id, version) {
        assertOpen()
        checkedId(name, id)
        // Without versions of items, one of a removal cannot be compared with anything.
        const buried = version === undefined || !definition.version ? undefined : versions.ofRemoval(version)
        return store.unit(name, undefined, async unit => {
          if (buried && !(await unit.bury({ id, version: buried.text }, buried.order))) return false
          if (!buried) await unit.forget(id)
          await definition.remove?.([id], { ...transactionOf(unit), signal: closing.signal })
          return true
        })
      },
      async state() {
        assertOpen()
        const { state, running } = await store.read(name)
        return shownState(stateIn(state), running)
      },
      async restart() {
        assertOpen()
        const held = await store.take(name, definition.leaseMs ?? 30_000)
        if (!held)
          throw new SyncError(`${name} is running`, {
            code: 'SYNC_BUSY',
            retryable: true,
            nextStep: 'Interrupt the run, or wait until it has ended.',
          })
        try {
          const { lastCompleted } = stateIn(held.state)
          await save(store, name, held, lastCompleted ? { lastCompleted } : {})
        } finally {
          await store.release(name, held)
        }
      },
    }
  }

  return {
    define,
    close() {
      closed ??= (async () => {
        closing.abort()
        await Promise.allSettled(runs)
        await store.close()
      })()
      return closed
    },
  }
}

function check<Item>({ name, strategy, version, maxRemovedShare = 0.5, leaseMs = 30_000 }: SyncDefinition<Item>): void {
  const refuse = (words: string): never => {
    throw new SyncError(words, { code: 'SYNC_OPTIONS' })
  }
  if (!/^[\w.-]{1,100}$/.test(name)) refuse(`${name} is no name of a sync: 1 to 100 letters, digits, ".", "_" and "-"`)
  if (strategy === 'incremental' && !version)
    refuse(`${name} is incremental and has no version: it could not tell what it has pulled`)
  if (!(maxRemovedShare >= 0 && maxRemovedShare <= 1)) refuse(`maxRemovedShare of ${name} must be between 0 and 1`)
  if (!(leaseMs >= 100)) refuse(`leaseMs of ${name} must be at least 100`)
}
