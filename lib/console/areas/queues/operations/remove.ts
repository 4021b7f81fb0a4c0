import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { bulkJobOperation } from '../acts/bulk-job-operation.ts'
import { AllDeadLetters, deadLettersMeant } from '../acts/dead-letters.ts'
import { JobIds, reading } from '../acts/target.ts'

const Which = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('ids'), ids: JobIds.describe('jobs in any state but active') }),
  AllDeadLetters,
])
export const removeJobs = bulkJobOperation({
  id: 'queue.remove',
  title: 'Remove jobs',
  description:
    'Takes jobs out of a queue for good, with their data and logs: chosen ones in any state but active, or all dead letters that match. It cannot be undone.',
  permission: 'queue:remove',
  which: Which,
  risk: which => (which.by === 'ids' ? 'many' : 'grave'),
  reason: 'required',

  async preview(target, queue, which) {
    const warnings = ['What is removed is gone: nothing can bring it back.']
    if (which.by === 'all') {
      const affected = await deadLettersMeant(target, which)
      return {
        summary: `${describeAffected(affected)} of ${queue} will be removed for good, with their data and logs.`,
        action: `Remove ${describeAffected(affected)}`,
        affected,
        warnings,
      }
    }
    const { ids } = which
    const there = await reading(target.server, () => target.server.queues.existing(target.address, ids))
    if (there.length === 0)
      throw new RefusalError({
        code: 'conflict',
        message: `${ids.length === 1 ? 'That job is not' : 'None of those jobs is'} in this queue any more.`,
        fields: { 'which.ids': 'names no job' },
      })
    return {
      summary: `${counted(there.length, 'job')} of ${queue} will be removed for good, with data and logs. One that is being worked on, or that a flow or scheduler needs, stays.`,
      action: `Remove ${counted(there.length, 'job')}`,
      affected: {
        count: there.length,
        precision: 'exact',
        noun: there.length === 1 ? 'job' : 'jobs',
        sample: there.slice(0, 10),
      },
      warnings,
    }
  },

  did: 'removed',
  anyMajor: true,
  total: queue => queue.counts.failed,
  chosen: (acts, address, run, ids) => acts.removeChosen(address, run, ids),
  next: (acts, address, run, filter) => acts.removeNext(address, run, filter),
})
