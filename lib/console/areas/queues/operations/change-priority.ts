import { z } from 'zod'
import { doneUnless, isBusy, oneJobOperation, refuseUnless } from '../acts/one-job-operation.ts'

export const changePriority = oneJobOperation({
  id: 'queue.change-priority',
  title: 'Change the priority of a job',
  description: 'A waiting job moves to its place among the others; any other has it when it waits next.',
  permission: 'queue:edit',
  risk: 'one',
  fields: {
    priority: z
      .number()
      .int()
      .min(0)
      .max(2_097_151)
      .describe('1 comes first, larger numbers later; 0: none, before all of them'),
  },

  preview({ job, title }, { priority }) {
    refuseUnless(!isBusy(job), `A worker is processing ${title}: its priority cannot be changed now.`)
    return {
      summary: `${title} gets ${priority === 0 ? 'no priority' : `priority ${priority}`} in place of ${job.priority === 0 ? 'none' : job.priority}.`,
      action: 'Change the priority',
    }
  },

  act: async (acts, address, job, { priority }) =>
    doneUnless(await acts.changePriority(address, job, priority), `${job} has priority ${priority}.`),
})
