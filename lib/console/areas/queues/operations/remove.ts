import { bulkJobOperation } from '../acts/bulk-job-operation.ts'
import { jobSelection } from '../acts/job-selection.ts'

export const removeJobs = bulkJobOperation({
  id: 'queue.remove',
  title: 'Remove jobs',
  description:
    'Removes jobs from a queue for good, with their data and logs: selected ones, except those that a worker is processing, or all dead letters that match. It cannot be undone.',
  permission: 'queue:remove',
  selection: jobSelection('jobs in any state, except those that a worker is processing'),
  risk: selection => (selection.by === 'ids' ? 'many' : 'grave'),
  reason: 'required',
  set: selection =>
    selection.by === 'ids'
      ? { act: 'remove', noun: ['job', 'jobs'], state: 'in this queue' }
      : { act: 'remove', noun: ['dead letter', 'dead letters'], state: 'a dead letter of this queue' },

  preview: (_, queue, { words }) => ({
    summary: `${words} of ${queue} will be removed for good, with data and logs.`,
    action: `Remove ${words}`,
    warnings: ['Removed jobs cannot be restored.'],
  }),

  did: 'removed',
  anyMajor: true,
  total: queue => queue.counts.failed,
  chosen: (acts, address, run, ids) => acts.removeChosen(address, run, ids),
  next: (acts, address, run, filter) => acts.removeNext(address, run, filter),
})
