import { z } from 'zod'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { findItem, ItemId, sentenceOf } from '../acts/find-item.ts'
import { markItem, UNDO_FOR, unmarkItem } from '../acts/mark-item.ts'

/** After this time an acknowledged item needs attention again (ms). */
const HOLDS_FOR = 12 * 3_600_000

export const acknowledgeItem = defineOperation({
  id: 'attention.acknowledge',
  title: 'Acknowledge an attention item',
  description: 'Marks an item as being worked on: it moves below the others and leaves the badges.',
  permission: 'attention:mark',
  targetKind: 'attention item',
  input: z.strictObject({ item: ItemId, reason: Reason.optional() }),
  risk: 'one',
  reason: 'optional',
  ofConsoleOnly: true,
  target: ({ item }) => ({ kind: 'attention item', name: item }),

  async preview(context, { item: id }) {
    const item = await findItem(context, id)
    return {
      summary: `“${sentenceOf(item)}” will be shown as being worked on by you.`,
      action: 'Acknowledge',
      affected: { count: 1, precision: 'exact', noun: 'item', sample: [sentenceOf(item)] },
      undo: { windowMs: UNDO_FOR },
      undoWords: 'ends when the trouble is over or gets worse, at the latest after 12 hours',
    }
  },

  async run(context, { item, reason }, control) {
    const marked = await markItem(context, item, { kind: 'acknowledged', lasts: HOLDS_FOR, reason }, control)
    return { status: 'succeeded', summary: 'Acknowledged, until it is over or gets worse.', ...marked }
  },

  undo: unmarkItem,
})
