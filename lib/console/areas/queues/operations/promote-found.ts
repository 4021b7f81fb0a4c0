import { foundJobsOperation } from '../acts/found-jobs-operation.ts'
import { promoteJobs } from './promote.ts'

export const promoteFound = foundJobsOperation({
  id: 'queue.promote-found',
  title: 'Promote found jobs',
  description: 'Makes delayed jobs of several queues run now, in each by their priority, as queue.promote does.',
  each: promoteJobs,
  verb: 'Promote',
  will: 'will run now',
  noun: ['delayed job', 'delayed jobs'],
})
