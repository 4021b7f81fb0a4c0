import { z } from 'zod'
import { replaceMark } from '../../../platform/attention/marks.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { findItem, ItemId, sentenceOf } from '../acts/find-item.ts'
import { UNDO_FOR, unmarkItem } from '../acts/mark-item.ts'

export const restoreItem = defineOperation({
  id: 'attention.restore',
  title: 'Unmute an attention item',
  description: 'Shows a muted or acknowledged item among the others again.',
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
      summary: `“${sentenceOf(item)}” will need attention again.`,
      action: 'Show it again',
      affected: { count: item.mark ? 1 : 0, precision: 'exact', noun: item.mark ? 'item' : 'items', sample: [] },
      undo: { windowMs: UNDO_FOR },
    }
  },

  async run({ store, environment }, { item }) {
    const before = await replaceMark(store.db, environment.name, item, undefined)
    if (!before) return { status: 'succeeded', summary: 'The item was not marked. Nothing was changed.' }
    return {
      status: 'succeeded',
      summary: 'It needs attention again.',
      undo: { state: { item, before }, windowMs: UNDO_FOR },
    }
  },

  undo: unmarkItem,
})
