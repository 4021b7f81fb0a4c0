import { z } from 'zod'
import { timeOfId } from '../../../../core/ids.ts'
import { counted } from '../../../platform/counted.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { retrying } from '../../queues/index.ts'
import { lineOf } from '../acts/replay-record.ts'
import { takeBack, undoState } from '../acts/return-jobs.ts'
import { REDIS_WAIT_MS, selectedJobs } from '../acts/selected-jobs.ts'
import { countSelected, Selection, select, selectedName } from '../acts/selection.ts'

/** How long discarded ones are kept aside (ms); the undo ends a little earlier, so that it never finds some of them gone. */
const KEPT_MS = 16 * 60_000
const UNDO_MS = 15 * 60_000
/** The most lines of the ledger for jobs that stayed. */
const MOST_REFUSED = 1_000

export const discardDeadLetters = defineOperation({
  id: 'dead-letters.discard',
  title: 'Discard dead letters',
  description:
    'Removes dead letters of one kind or queue, or all, with data and logs. They are kept aside for 15 minutes, in which undo restores them exactly; then they are gone.',
  permission: 'dead-letters:discard',
  targetKind: 'dead letters',
  input: z.strictObject({ which: Selection, reason: Reason }),
  risk: ({ which }) => (which.by === 'ids' || which.by === 'found' ? 'many' : 'grave'),
  reason: 'required',
  durable: true,
  resumable: true,
  lines: ['job', 'jobs'],
  target: ({ which }) => ({ kind: 'dead letters', name: selectedName(which) }),

  async preview({ environment }, { which }) {
    const selected = await select(environment, which)
    const affected = await countSelected(environment, which, selected)
    const words = describeAffected(affected)
    return {
      summary: `${words} of ${counted(selected.queues.length, 'queue')} will be discarded, with data and logs.`,
      action: `Discard ${words}`,
      affected,
      warnings: ['After 15 minutes they cannot be restored. Export them first if someone may need them.'],
      undo: { windowMs: UNDO_MS },
      undoWords: 'they come back exactly as they were.',
    }
  },

  async run({ environment }, { which }, control) {
    const { signal, runId, resumed } = control
    const selected = await select(environment, which, { resumed: resumed !== undefined })
    let done = resumed?.done ?? 0
    let stayed = 0
    const earlier = resumed ? { begunAt: timeOfId(runId), jobs: [] } : undefined
    const set = await selectedJobs(selected, {
      earlier,
      signal,
      async take(queue, ids) {
        const { refused } = await retrying(
          () => queue.server.acts.discard(queue.address, runId, ids, KEPT_MS),
          signal,
          REDIS_WAIT_MS,
        )
        const kept = new Set(refused.map(({ id }) => id))
        const moved = ids.filter(id => !kept.has(id)).map(id => ({ queue, id }))
        return { moved, refused: refused.map(({ id, reason }) => ({ queue, id, reason })) }
      },
    })
    for (
      let step = await set.next(Number.POSITIVE_INFINITY);
      step && !signal.aborted;
      step = await set.next(Number.POSITIVE_INFINITY)
    ) {
      done += step.moved.length
      for (const job of step.refused)
        if (++stayed <= MOST_REFUSED) await control.item(lineOf(job), 'refused', job.reason)
      control.progress({ done })
    }
    for (const { server } of selected.queues) void server.read({ maxAge: 0 })
    const rest =
      stayed > 0 ? ` ${counted(stayed, 'job stays as it is', 'jobs stay as they are')}, each with its reason.` : ''
    const summary = `${signal.aborted ? 'Aborted. ' : ''}Discarded ${counted(done, 'dead letter')}.${rest}`
    return {
      status: signal.aborted ? 'aborted' : stayed === 0 ? 'succeeded' : done > 0 ? 'partial' : 'failed',
      summary,
      ...(done > 0 ? { undo: { state: undoState(runId, selected.queues), windowMs: UNDO_MS } } : {}),
    }
  },

  undo: ({ environment }, state, control) =>
    takeBack(environment, state, control, {
      did: 'restored',
      give: (acts, address, run, ids) => acts.restoreDiscarded(address, run, ids),
    }),
})
