import { oneJobOperation } from '../acts/one-job-operation.ts'
import { holdUps } from '../acts/target.ts'

export const duplicateJob = oneJobOperation({
  id: 'queue.duplicate',
  title: 'Duplicate a job',
  description:
    'Adds a job with the same name, payload and options, under a new id and to run at once; the first one stays as it is. The new one has no parent, scheduler or deduplication key.',
  permission: 'queue:add',
  // What it does is done again.
  risk: 'many',
  fields: {},

  preview: ({ target, title }) => ({
    summary: `A job like ${title} will be added, and run as soon as a worker takes it.`,
    action: 'Duplicate the job',
    warnings: ['What the job does is done once more.', ...holdUps(target)],
    undoWords: 'Until a worker takes it, the new job can be removed.',
  }),

  async act(acts, address, job) {
    const added = await acts.duplicate(address, job)
    return 'id' in added ? { did: `Added ${added.id}, like ${job}.` } : added
  },
})
