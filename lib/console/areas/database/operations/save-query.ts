import { z } from 'zod'
import { newId } from '../../../../core/ids.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { reason } from '../acts/input.ts'
import {
  nameTaken,
  noteText,
  outlook,
  placeOf,
  queryAct,
  queryFields,
  refuseUnsavable,
} from '../saved-queries/input.ts'
import { insertSavedQuery } from '../saved-queries/store.ts'

export const saveQuery = defineOperation({
  ...queryAct,
  id: 'database.save-query',
  title: 'Save a query',
  description: 'Saves a query of a watched database for everyone who may browse it.',
  input: z.strictObject({ ...queryFields, reason }),
  about: ({ name }) => name,

  async preview(context, { database, ...query }) {
    await refuseUnsavable(context, database, query)
    return {
      ...outlook(
        `“${query.name}” will be saved for everyone who may browse ${database}.`,
        'Save the query',
        query.name,
      ),
      undoWords: 'by deleting it',
    }
  },

  async run(context, { database, reason: _reason, ...query }, control) {
    await refuseUnsavable(context, database, query)
    const now = Date.now()
    const by = control.actor.name
    const saved = { ...query, id: newId(), createdBy: by, createdAt: now, changedBy: by, changedAt: now }
    if (!(await insertSavedQuery(context.store.db, placeOf(context, database), saved)))
      throw nameTaken(database, query.name)
    await noteText(control, saved)
    return { status: 'succeeded', summary: `Saved “${query.name}”.` }
  },
})
