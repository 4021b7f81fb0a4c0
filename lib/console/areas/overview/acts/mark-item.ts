import { z } from 'zod'
import { type Mark, replaceMark } from '../../../platform/attention/marks.ts'
import type { OperationContext, RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import { findItem } from './find-item.ts'

export const UNDO_FOR = 10 * 60_000

interface Wanted {
  kind: Mark['kind']
  /** How long it holds (ms). */
  lasts: number
  reason: string | undefined
}

/** Marks an item as it is now; undo restores its earlier mark. */
export async function markItem(
  context: OperationContext,
  id: string,
  { kind, lasts, reason }: Wanted,
  { actor }: RunControl,
): Promise<Pick<RunOutcome, 'undo'>> {
  const { band, count = 1 } = await findItem(context, id)
  const now = Date.now()
  const before = await replaceMark(context.store.db, context.environment.name, id, {
    ...{ kind, by: actor.name, reason, at: now, until: now + lasts, band, count },
  })
  return { undo: { state: { item: id, before }, windowMs: UNDO_FOR } }
}

const UndoState = z.object({
  item: z.string(),
  before: z
    .object({
      kind: z.enum(['acknowledged', 'muted']),
      by: z.string(),
      reason: z.string().optional(),
      at: z.number(),
      until: z.number(),
      band: z.string(),
      count: z.number(),
    })
    .optional(),
})

export async function unmarkItem({ store, environment }: OperationContext, state: unknown): Promise<RunOutcome> {
  const { item, before } = UndoState.parse(state)
  await replaceMark(store.db, environment.name, item, before)
  return { status: 'succeeded', summary: before ? 'Its earlier mark is restored.' : 'It needs attention again.' }
}
