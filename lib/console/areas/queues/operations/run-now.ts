import { doneUnless, oneJobOperation, refuseUnless, waits } from '../acts/one-job-operation.ts'
import { holdUps } from '../acts/target.ts'

export const runNow = oneJobOperation({
  id: 'queue.run-now',
  title: 'Run a job now',
  description: 'A waiting, prioritized or delayed job becomes the first in line: the next free worker takes it.',
  permission: 'queue:promote',
  risk: 'one',
  fields: {},

  preview({ target, job, title }) {
    refuseUnless(waits(job), `${title} is not waiting.`)
    return { summary: `The next free worker takes ${title}.`, action: 'Run it now', warnings: holdUps(target) }
  },

  act: async (acts, address, job) => doneUnless(await acts.runNow(address, job), `${job} is the first in line.`),
})
