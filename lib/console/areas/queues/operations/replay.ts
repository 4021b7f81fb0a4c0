import { bulkJobOperation } from '../acts/bulk-job-operation.ts'
import { jobSelection } from '../acts/job-selection.ts'
import { holdUps } from '../acts/target.ts'

/** A dead letter more recent than this means that the trouble is not over (ms). */
const STILL_FAILING = 60_000

export const replayQueue = bulkJobOperation({
  id: 'queue.replay',
  title: 'Replay dead letters',
  description:
    'Runs dead letters again as they were added: same id, data, priority, delay and order, with all their attempts. Each is replayed once, even if it fails again while the act runs.',
  permission: 'queue:replay',
  selection: jobSelection(),
  risk: selection => (selection.by === 'ids' && selection.ids.length === 1 ? 'one' : 'many'),
  reason: 'optional',
  set: () => ({ act: 'replay', noun: ['dead letter', 'dead letters'], state: 'a dead letter of this queue' }),

  preview(target, queue, { words }) {
    const { lastFailedAt } = target.queue
    const warnings = holdUps(target)
    if (lastFailedAt !== undefined && Date.now() - lastFailedAt < STILL_FAILING)
      warnings.push(
        'Jobs of this queue are still failing: the last one failed less than a minute ago. The cause may not be fixed.',
      )
    return {
      summary: `${words} of ${queue} will run again, with priority, delay and order as they were added.`,
      action: `Replay ${words}`,
      warnings,
    }
  },

  did: 'replayed',
  total: queue => queue.counts.failed,
  chosen: (acts, address, run, ids) => acts.replayChosen(address, run, ids),
  next: (acts, address, run, filter) => acts.replayNext(address, run, filter),
})
