import { bulkJobOperation } from '../acts/bulk-job-operation.ts'
import { whichJobs } from '../acts/job-selection.ts'
import { holdUps } from '../acts/target.ts'

/** A dead letter younger than this says that the trouble is not over (ms). */
const STILL_FAILING = 60_000

export const replayQueue = bulkJobOperation({
  id: 'queue.replay',
  title: 'Replay dead letters',
  description:
    'Puts dead letters back as they were added: same id, data, priority, delay and order, with all their attempts. Each once, though it may fail again while the act runs.',
  permission: 'queue:replay',
  which: whichJobs(),
  risk: which => (which.by === 'ids' && which.ids.length === 1 ? 'one' : 'many'),
  reason: 'optional',
  set: () => ({ act: 'replay', noun: ['dead letter', 'dead letters'], state: 'a dead letter of this queue' }),

  preview(target, queue, { words }) {
    const { lastFailedAt } = target.queue
    const warnings = holdUps(target)
    if (lastFailedAt !== undefined && Date.now() - lastFailedAt < STILL_FAILING)
      warnings.push(
        'Jobs of this queue are still failing: the last one did less than a minute ago. The cause may not be over.',
      )
    return {
      summary: `${words} of ${queue} will be put back and tried again, with priority, delay and order as they were added.`,
      action: `Replay ${words}`,
      warnings,
    }
  },

  did: 'replayed',
  total: queue => queue.counts.failed,
  chosen: (acts, address, run, ids) => acts.replayChosen(address, run, ids),
  next: (acts, address, run, filter) => acts.replayNext(address, run, filter),
})
