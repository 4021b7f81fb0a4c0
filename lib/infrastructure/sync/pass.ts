import type { Execution } from '../resilience/index.ts'
import { PageExpiredError, type SyncDefinition, SyncError, type SyncMark, type SyncPage } from './port.ts'
import type { KeptState, Pass } from './state.ts'
import type { SyncUnit } from './store.ts'
import { isNewer, type KnownVersions } from './versions.ts'

const REMOVED_AT_ONCE = 500
/** So few may be removed where no share is given: the share of a small set says little. Never all. */
const FEW = 10

interface PassParts<Item> {
  definition: SyncDefinition<Item>
  versions: KnownVersions<Item>
  pull: Execution
  /** One step, with which the state that the work answers is kept. */
  step(work: (unit: SyncUnit) => Promise<KeptState>): Promise<void>
  /** As it was kept last. */
  state(): KeptState & { pass: Pass }
  signal: AbortSignal
}

/** Takes a pass to its end, from where it is. Each page is kept with the items that it changed. */
export async function takePass<Item>(parts: PassParts<Item>): Promise<void> {
  const { definition, state, signal } = parts
  let hasRestarted = false
  while (!state().pass.pulled) {
    signal.throwIfAborted()
    const { page } = state().pass
    let answer: SyncPage<Item>
    try {
      answer = await pulled(parts)
    } catch (error) {
      if (!(error instanceof PageExpiredError) || page === undefined || hasRestarted) throw error
      hasRestarted = true
      await parts.step(async () => ({ ...state(), pass: fromItsFirstPage(state().pass) }))
      continue
    }
    await keepPage(parts, answer)
  }
  if (definition.strategy === 'full' && definition.remove) await removeUnseen(parts)
}

function pulled<Item>({ definition, pull, state, signal }: PassParts<Item>): Promise<SyncPage<Item>> {
  const { page, since } = state().pass
  return pull.execute(
    context =>
      definition.pull({
        ...(page === undefined ? {} : { page }),
        ...(since === undefined ? {} : { since }),
        signal: context.signal,
      }),
    { signal },
  )
}

async function keepPage<Item>({ definition, versions, step, state, signal }: PassParts<Item>, page: SyncPage<Item>) {
  if (page.next !== undefined && page.next === state().pass.page)
    throw new SyncError(`${definition.name} got the page ${page.next} twice: it would never end`, {
      code: 'SYNC_OPTIONS',
    })
  const { order, seen } = versions.of(page.items)
  const isFull = definition.strategy === 'full'
  await step(async unit => {
    const { pass } = state()
    const isChanged = await unit.see(seen, order, isFull ? pass.id : undefined)
    const changed = seen.flatMap(({ id, item }) => (isChanged.has(id) ? [item] : []))
    if (changed.length > 0) await definition.apply(changed, { ...transactionOf(unit), signal })
    const { page: _done, ...rest } = pass
    return {
      ...state(),
      pass: {
        ...rest,
        ...(page.next === undefined ? { pulled: true } : { page: page.next }),
        ...(page.total === undefined ? {} : { total: page.total }),
        ...(isFull
          ? {}
          : highestOf(
              pass.highest,
              seen.map(({ item }) => definition.version?.(item)),
            )),
        pages: pass.pages + 1,
        items: pass.items + page.items.length,
        changed: pass.changed + changed.length,
      },
    }
  })
}

function highestOf(known: SyncMark | undefined, marks: readonly (SyncMark | undefined)[]): Pick<Pass, 'highest'> {
  let highest = known
  for (const mark of marks) if (mark !== undefined && (highest === undefined || isHigher(mark, highest))) highest = mark
  return highest === undefined ? {} : { highest }
}

const isHigher = (one: SyncMark, other: SyncMark) =>
  isNewer(String(one), String(other), typeof one === 'number' ? 'number' : 'text')

async function removeUnseen<Item>({ definition, step, state, signal }: PassParts<Item>): Promise<void> {
  const { name, maxRemovedShare, remove } = definition
  const few = maxRemovedShare === undefined ? FEW : 0
  const { id } = state().pass
  let isOver = false
  let isChecked = state().pass.removed > 0
  while (!isOver) {
    signal.throwIfAborted()
    await step(async unit => {
      if (!isChecked) {
        const { known, unseen } = await unit.count(id)
        const isMost = unseen > (maxRemovedShare ?? 0.5) * known
        if (isMost && (unseen > few || unseen === known))
          throw new SyncError(`${name} would remove ${unseen} of ${known} items, which its source no longer has`, {
            code: 'SYNC_REMOVES_MOST',
            nextStep: 'Check what the source answers. If it is right, allow more with maxRemovedShare for one run.',
          })
        isChecked = true
      }
      const ids = await unit.forgetUnseen(id, REMOVED_AT_ONCE)
      if (ids.length > 0) await remove?.(ids, { ...transactionOf(unit), signal })
      isOver = ids.length < REMOVED_AT_ONCE
      const { pass } = state()
      return { ...state(), pass: { ...pass, removed: pass.removed + ids.length } }
    })
  }
}

function fromItsFirstPage({ page: _expired, ...pass }: Pass): Pass {
  return { ...pass, pages: 0, items: 0 }
}

export const transactionOf = (unit: SyncUnit) => (unit.in ? { in: unit.in } : {})
