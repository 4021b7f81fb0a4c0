import { messageOf } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { keepRenewed } from '../../core/renewal.ts'
import type { Execution } from '../resilience/index.ts'
import { takePass } from './pass.ts'
import { type SyncDefinition, SyncError, type SyncProgress, type SyncRun } from './port.ts'
import { retryAfterOf } from './pull.ts'
import { type KeptState, type Pass, progressOf, stateIn } from './state.ts'
import type { Held, SyncStore } from './store.ts'
import type { KnownVersions } from './versions.ts'

/** Characters of an error that are kept. */
const ERROR = 1_000

interface RunParts<Item> {
  definition: SyncDefinition<Item>
  versions: KnownVersions<Item>
  store: SyncStore
  pull: Execution
  signal: AbortSignal
  onProgress?: ((progress: SyncProgress) => void) | undefined
}

/** One run, from taking the sync until it is released. */
export async function runSync<Item>({
  definition,
  versions,
  store,
  pull,
  signal,
  onProgress,
}: RunParts<Item>): Promise<SyncRun> {
  const { name, leaseMs = 30_000 } = definition
  const held = await store.take(name, leaseMs)
  if (!held) return { status: 'busy' }
  let kept = stateIn(held.state)
  const lost = new AbortController()
  let isInStep = false
  // In a step the store itself keeps others away.
  const renew = async () => isInStep || store.renew(name, held)
  const renewal = keepRenewed({ renew, leaseMs, expires: true }, () =>
    lost.abort(
      new SyncError(`${name} was not renewed in time, and another process may have taken over`, { code: 'SYNC_LOST' }),
    ),
  )
  const either = AbortSignal.any([signal, lost.signal])
  const keep = (next: KeptState) => save(store, name, held, next)
  try {
    if (kept.retryAt !== undefined && kept.retryAt > Date.now()) return { status: 'deferred', retryAt: kept.retryAt }
    const begun = { ...kept, pass: kept.pass ?? newPass(definition, kept) }
    kept = begun
    // Before the first page is pulled, so that what a webhook brings from then on is noted for this pass.
    await keep(begun)
    const state = () => ({ ...kept, pass: kept.pass ?? begun.pass })
    await takePass({
      definition,
      versions,
      pull,
      state,
      signal: either,
      async step(work) {
        let next = kept
        isInStep = true
        try {
          await store.unit(name, held, async unit => {
            next = await work(unit)
            await unit.save(JSON.stringify(next))
          })
        } finally {
          isInStep = false
        }
        kept = next
        onProgress?.(progressOf(state().pass))
      },
    })
    const { pass } = state()
    const completed = { ...progressOf(pass), endedAt: Date.now() }
    const mark = pass.highest ?? kept.mark
    await keep({ ...(mark === undefined ? {} : { mark }), lastCompleted: completed, outcome: 'completed' })
    return { ...completed, status: 'completed' }
  } catch (error) {
    const { pass, retryAt: _past, ...rest } = kept
    if (signal.aborted && !lost.signal.aborted) {
      await keep({ ...kept, outcome: 'interrupted' })
      return { ...progressOf(pass ?? newPass(definition, kept)), status: 'interrupted' }
    }
    const waitMs = retryAfterOf(error)
    const lastError = { at: Date.now(), message: messageOf(error).slice(0, ERROR) }
    // A pass that would remove most of it begins again: what it was told was wrong.
    const isWrong = error instanceof SyncError && error.code === 'SYNC_REMOVES_MOST'
    const failed: KeptState = { ...rest, ...(pass && !isWrong ? { pass } : {}), lastError, outcome: 'failed' }
    if (waitMs === undefined) {
      // The error of the run is worth more than that of noting it.
      await keep(failed).catch(() => undefined)
      throw error
    }
    const retryAt = Date.now() + waitMs
    await keep({ ...failed, outcome: 'deferred', retryAt })
    return { status: 'deferred', retryAt }
  } finally {
    renewal.stop()
    // It ends by itself where this fails.
    await store.release(name, held).catch(() => undefined)
  }
}

function newPass<Item>({ strategy, since = mark => mark }: SyncDefinition<Item>, { mark }: KeptState): Pass {
  const begun = { id: newId(), startedAt: Date.now(), pages: 0, items: 0, changed: 0, removed: 0 }
  return strategy === 'incremental' && mark !== undefined ? { ...begun, since: since(mark) } : begun
}

export const save = (store: SyncStore, name: string, held: Held, state: KeptState) =>
  store.unit(name, held, unit => unit.save(JSON.stringify(state)))
