import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { doneUnless, oneJobOperation, refuseUnless } from '../acts/one-job-operation.ts'

export const changeDelay = oneJobOperation({
  id: 'queue.change-delay',
  title: 'Change the delay of a job',
  description: 'A delayed job becomes due so many seconds from now.',
  permission: 'queue:edit',
  risk: 'one',
  fields: { seconds: z.number().int().min(1).max(31_536_000) },

  preview({ job, title }, { seconds }) {
    refuseUnless(job.state === 'delayed', `${title} is not delayed.`)
    return {
      summary: `${title} will be due in ${counted(seconds, 'second')}.`,
      action: 'Change the delay',
      warnings: job.scheduler
        ? ['It is the next run of a scheduler, which adds the one after it at its own time.']
        : [],
    }
  },

  act: async (acts, address, job, { seconds }) =>
    doneUnless(
      await acts.changeDelay(address, job, seconds * 1_000),
      `${job} is due in ${counted(seconds, 'second')}.`,
    ),
})
