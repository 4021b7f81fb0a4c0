import { z } from 'zod'
import { doneUnless, oneJobOperation, refuseUnless, waits } from '../acts/one-job-operation.ts'

export const moveToDeadLetters = oneJobOperation({
  id: 'queue.move-to-dead-letters',
  title: 'Move a job to the dead letters',
  description:
    'A waiting, prioritized or delayed job fails for good with this error, without being worked on. It can be replayed from there. The next run of a scheduler and jobs of unfinished flows stay.',
  permission: 'queue:edit',
  risk: 'one',
  fields: { error: z.string().trim().min(3).max(500).describe('the error that the dead letter shows') },

  preview({ job, title }, { error }) {
    refuseUnless(waits(job), `${title} is not waiting.`)
    return {
      summary: `${title} becomes a dead letter: ${error}`,
      action: 'Move it to the dead letters',
      undoWords: 'Replay it to take it back.',
    }
  },

  act: async (acts, address, job, { error }) =>
    doneUnless(await acts.toDeadLetters(address, job, error), `${job} is a dead letter.`),
})
