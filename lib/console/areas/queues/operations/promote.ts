import { counted } from '../../../platform/counted.ts'
import { bulkJobOperation } from '../acts/bulk-job-operation.ts'
import { whichJobs } from '../acts/job-selection.ts'
import { holdUps } from '../acts/target.ts'

export const promoteJobs = bulkJobOperation({
  id: 'queue.promote',
  title: 'Promote delayed jobs',
  description:
    'Lets delayed jobs run now, each in the order of its priority: chosen ones, or all that are delayed when it begins, each once, though it may be delayed again while the act runs.',
  permission: 'queue:promote',
  which: whichJobs(),
  risk: which => (which.by === 'ids' && which.ids.length === 1 ? 'one' : 'many'),
  reason: 'optional',
  set: () => ({ act: 'promote', noun: ['delayed job', 'delayed jobs'], state: 'delayed' }),

  preview(target, name, { words }, which) {
    const { schedulers } = target.queue
    const warnings = holdUps(target)
    if (which.by === 'all' && schedulers)
      warnings.push(
        `The queue has ${counted(schedulers, 'scheduler')}, whose next jobs are delayed too: they run now, and those after them at their time.`,
      )
    return { summary: `${words} of ${name} will not wait any longer.`, action: `Promote ${words}`, warnings }
  },

  did: 'promoted',
  total: queue => queue.counts.delayed,
  chosen: (acts, address, run, ids) => acts.promoteChosen(address, run, ids),
  next: (acts, address, run, filter) => acts.promoteNext(address, run, filter),
})
