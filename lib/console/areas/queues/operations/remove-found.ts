import { foundJobsOperation } from '../acts/found-jobs-operation.ts'
import { removeJobs } from './remove.ts'

export const removeFound = foundJobsOperation({
  id: 'queue.remove-found',
  title: 'Remove found jobs',
  description:
    'Removes jobs of several queues for good, in any state except those that a worker is processing, as queue.remove does. It cannot be undone.',
  each: removeJobs,
  verb: 'Remove',
  will: 'will be removed for good, with data and logs',
  noun: ['job', 'jobs'],
})
