import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { bulkJobOperation } from '../acts/bulk-job-operation.ts'
import { jobsMeant, Part } from '../acts/job-selection.ts'
import { holdUps, JobIds } from '../acts/target.ts'

const DelayedJobs = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('ids'), ids: JobIds }),
  z.strictObject({
    by: z.literal('all'),
    name: Part.optional().describe('only jobs whose name holds this'),
  }),
])

export const promoteJobs = bulkJobOperation({
  id: 'queue.promote',
  title: 'Promote delayed jobs',
  description:
    'Lets delayed jobs run now, each in the order of its priority: chosen ones, or all that are delayed when it begins, each once, though it may be delayed again while the act runs.',
  permission: 'queue:promote',
  which: DelayedJobs,
  risk: which => (which.by === 'ids' && which.ids.length === 1 ? 'one' : 'many'),
  reason: 'optional',

  async preview(target, name, which) {
    const { server, address, queue } = target
    const affected = await jobsMeant(server, which, {
      noun: ['delayed job', 'delayed jobs'],
      state: 'delayed',
      among: ids => server.queues.delayedAmong(address, ids),
      count: filter => server.queues.countDelayed(address, filter),
    })
    const warnings = holdUps(target)
    if (which.by === 'all' && queue.schedulers)
      warnings.push(
        `The queue has ${counted(queue.schedulers, 'scheduler')}, whose next jobs are delayed too: they run now, and those after them at their time.`,
      )
    return {
      summary: `${describeAffected(affected)} of ${name} will not wait any longer.`,
      action: `Promote ${describeAffected(affected)}`,
      affected,
      warnings,
    }
  },

  did: 'promoted',
  total: queue => queue.counts.delayed,
  chosen: (acts, address, run, ids) => acts.promoteChosen(address, run, ids),
  next: (acts, address, run, filter) => acts.promoteNext(address, run, filter),
})
