import { z } from 'zod'
import { defineOperation } from '../../../platform/operation/define.ts'
import { reason } from '../acts/input.ts'
import {
  nameTakenSince,
  noteText,
  ofQuery,
  outlook,
  placeOf,
  queryAct,
  savedOf,
  UNDO_FOR,
} from '../saved-queries/input.ts'
import { deleteSavedQuery, insertSavedQuery, SavedQuery } from '../saved-queries/store.ts'

const UndoState = z.object({ database: z.string(), query: SavedQuery })

export const deleteQuery = defineOperation({
  ...queryAct,
  id: 'database.delete-query',
  title: 'Delete a saved query',
  description: 'Deletes a saved query of a watched database, for everyone.',
  input: z.strictObject({ ...ofQuery, reason }),
  about: ({ query }) => query,

  async preview(context, { database, query }) {
    const { name, changedBy } = await savedOf(context, database, query)
    return {
      ...outlook(`“${name}”, last changed by ${changedBy}, will be deleted for everyone.`, 'Delete the query', name),
      undo: { windowMs: UNDO_FOR },
    }
  },

  async run(context, { database, query }, control) {
    const { name } = await savedOf(context, database, query)
    const deleted = await deleteSavedQuery(context.store.db, placeOf(context, database), query)
    if (!deleted) return { status: 'succeeded', summary: `“${name}” had just been deleted.` }
    await noteText(control, deleted)
    return {
      status: 'succeeded',
      summary: `Deleted “${name}”.`,
      undo: { state: { database, query: deleted }, windowMs: UNDO_FOR },
    }
  },

  async undo(context, state) {
    const { database, query } = UndoState.parse(state)
    if (await insertSavedQuery(context.store.db, placeOf(context, database), query))
      return { status: 'succeeded', summary: `“${query.name}” is back.` }
    return nameTakenSince(query.name)
  },
})
