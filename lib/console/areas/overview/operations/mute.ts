import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { findItem, ItemId, sentenceOf } from '../acts/find-item.ts'
import { markItem, UNDO_FOR, unmarkItem } from '../acts/mark-item.ts'

const MINUTE = 60_000
const LONGEST = 7 * 24 * 60

export const muteItem = defineOperation({
  id: 'attention.mute',
  title: 'Mute an attention item',
  description: 'Takes an item off the overview and its badges until a time, or until it gets worse.',
  permission: 'attention:mark',
  targetKind: 'attention item',
  input: z.strictObject({ item: ItemId, minutes: z.number().int().min(1).max(LONGEST), reason: Reason }),
  risk: 'one',
  reason: 'required',
  ofConsoleOnly: true,
  target: ({ item }) => ({ kind: 'attention item', name: item }),

  async preview(context, { item: id, minutes }) {
    const item = await findItem(context, id)
    return {
      summary: `“${sentenceOf(item)}” will not be shown for ${durationOf(minutes)}.`,
      action: `Mute for ${durationOf(minutes)}`,
      affected: { count: 1, precision: 'exact', noun: 'item', sample: [sentenceOf(item)] },
      warnings:
        item.severity === 'bad' ? ['It is failing now. Until then it is shown again only if it gets worse.'] : [],
      undo: { windowMs: UNDO_FOR },
    }
  },

  async run(context, { item, minutes, reason }, control) {
    const marked = await markItem(context, item, { kind: 'muted', lasts: minutes * MINUTE, reason }, control)
    return { status: 'succeeded', summary: `Muted for ${durationOf(minutes)}, unless it gets worse.`, ...marked }
  },

  undo: unmarkItem,
})

function durationOf(minutes: number): string {
  if (minutes % 1_440 === 0) return counted(minutes / 1_440, 'day')
  return minutes % 60 === 0 ? counted(minutes / 60, 'hour') : counted(minutes, 'minute')
}
