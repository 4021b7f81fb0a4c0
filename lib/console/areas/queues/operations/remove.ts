import { bulkJobOperation } from '../acts/bulk-job-operation.ts'
import { whichJobs } from '../acts/job-selection.ts'

export const removeJobs = bulkJobOperation({
  id: 'queue.remove',
  title: 'Remove jobs',
  description:
    'Takes jobs out of a queue for good, with their data and logs: chosen ones in any state but active, or all dead letters that match. It cannot be undone.',
  permission: 'queue:remove',
  which: whichJobs('jobs in any state but active'),
  risk: which => (which.by === 'ids' ? 'many' : 'grave'),
  reason: 'required',
  set: which =>
    which.by === 'ids'
      ? { act: 'remove', noun: ['job', 'jobs'], state: 'in this queue' }
      : { act: 'remove', noun: ['dead letter', 'dead letters'], state: 'a dead letter of this queue' },

  preview: (_, queue, { words }) => ({
    summary: `${words} of ${queue} will be removed for good, with data and logs.`,
    action: `Remove ${words}`,
    warnings: ['What is removed is gone: nothing can bring it back.'],
  }),

  did: 'removed',
  anyMajor: true,
  total: queue => queue.counts.failed,
  chosen: (acts, address, run, ids) => acts.removeChosen(address, run, ids),
  next: (acts, address, run, filter) => acts.removeNext(address, run, filter),
})
