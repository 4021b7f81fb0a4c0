import { z } from 'zod'
import { defineOperation } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { reason } from '../acts/input.ts'
import {
  nameTaken,
  nameTakenSince,
  noteText,
  ofQuery,
  outlook,
  placeOf,
  queryAct,
  queryFields,
  refuseUnsavable,
  savedOf,
  seen,
  UNDO_FOR,
} from '../saved-queries/input.ts'
import { replaceSavedQuery, SavedQuery } from '../saved-queries/store.ts'

const UndoState = z.object({ database: z.string(), before: SavedQuery, changedAt: z.number() })

export const editQuery = defineOperation({
  ...queryAct,
  id: 'database.edit-query',
  title: 'Edit a saved query',
  description: 'Changes the name, the description, the text or the parameters of a saved query, for everyone.',
  input: z.strictObject({ ...queryFields, ...ofQuery, seen, reason }),
  about: ({ name }) => name,

  async preview(context, { database, query: id, seen: version, ...query }) {
    refuseOther(await savedOf(context, database, id), version)
    await refuseUnsavable(context, database, query, id)
    return {
      ...outlook(
        `“${query.name}” will be changed for everyone who may browse ${database}.`,
        'Save the changes',
        query.name,
      ),
      undo: { windowMs: UNDO_FOR },
    }
  },

  async run(context, { database, query: id, seen: version, reason: _reason, ...query }, control) {
    const before = await savedOf(context, database, id)
    refuseOther(before, version)
    await refuseUnsavable(context, database, query, id)
    // Later than what it replaces, also within a millisecond: the time tells versions apart.
    const changedAt = Math.max(Date.now(), before.changedAt + 1)
    const changed = { ...before, ...query, changedBy: control.actor.name, changedAt }
    const outcome = await replaceSavedQuery(context.store.db, placeOf(context, database), version, changed)
    if (outcome === 'changed') throw changedSince(query.name)
    if (outcome === 'taken') throw nameTaken(database, query.name)
    await noteText(control, changed)
    return {
      status: 'succeeded',
      summary: `Changed “${query.name}”.`,
      undo: { state: { database, before, changedAt }, windowMs: UNDO_FOR },
    }
  },

  async undo(context, state) {
    const { database, before, changedAt } = UndoState.parse(state)
    const outcome = await replaceSavedQuery(context.store.db, placeOf(context, database), changedAt, before)
    if (outcome === 'taken') return nameTakenSince(before.name)
    if (outcome === 'changed')
      return { status: 'failed', summary: `“${before.name}” was changed again or deleted since. It was left as it is.` }
    return { status: 'succeeded', summary: `“${before.name}” is as it was.` }
  },
})

function refuseOther({ name, changedAt }: SavedQuery, version: number): void {
  if (changedAt !== version) throw changedSince(name)
}

const changedSince = (name: string) =>
  new RefusalError({
    code: 'conflict',
    message: `Someone has changed “${name}” since you opened it. Nothing was saved.`,
    nextStep: 'Open it again; copy your text first.',
  })
