import { foundJobsOperation } from '../acts/found-jobs-operation.ts'
import { releaseJobs } from './release.ts'

export const releaseFound = foundJobsOperation({
  id: 'queue.release-found',
  title: 'Release found jobs',
  description:
    'Puts active jobs of several queues whose worker is gone in front of those that wait, as queue.release does.',
  each: releaseJobs,
  verb: 'Release',
  will: 'will be put back in front of those that wait',
  noun: ['job', 'jobs'],
})
