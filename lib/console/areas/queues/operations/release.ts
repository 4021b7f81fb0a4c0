import { bulkJobOperation } from '../acts/bulk-job-operation.ts'
import { jobSelection } from '../acts/job-selection.ts'
import { holdUps } from '../acts/target.ts'

export const releaseJobs = bulkJobOperation({
  id: 'queue.release',
  title: 'Release jobs of lost workers',
  description:
    'Puts active jobs whose worker is gone, or all of them, first in the line of those that wait. The attempt that was lost is not counted.',
  permission: 'queue:release',
  selection: jobSelection('active jobs'),
  reason: 'optional',
  // A job may be done twice, so it asks for a single one too.
  risk: () => 'many',
  set: () => ({ act: 'release', noun: ['job', 'jobs'], state: 'active' }),
  preview: (target, queue, { affected, words }) => ({
    summary: `${words} of ${queue} ${affected.count === 1 ? 'is' : 'are'} put back in front of those that wait.`,
    action: `Release ${words}`,
    warnings: [
      'A worker that is only blocked may still finish what it began: the job is then done twice, and its result is lost.',
      ...holdUps(target),
    ],
  }),
  did: 'released',
  total: ({ counts }) => counts.active,
  chosen: (acts, address, run, ids) => acts.releaseChosen(address, run, ids),
  next: (acts, address, run, filter) => acts.releaseNext(address, run, filter),
})
