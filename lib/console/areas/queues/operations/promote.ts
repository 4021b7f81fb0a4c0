import { counted } from '../../../platform/counted.ts'
import { bulkJobOperation } from '../acts/bulk-job-operation.ts'
import { jobSelection } from '../acts/job-selection.ts'
import { holdUps } from '../acts/target.ts'

export const promoteJobs = bulkJobOperation({
  id: 'queue.promote',
  title: 'Promote delayed jobs',
  description:
    'Makes delayed jobs run now, in the order of their priority: selected ones, or all that are delayed when the act begins. Each is promoted once, even if it is delayed again while the act runs.',
  permission: 'queue:promote',
  selection: jobSelection(),
  risk: selection => (selection.by === 'ids' && selection.ids.length === 1 ? 'one' : 'many'),
  reason: 'optional',
  set: () => ({ act: 'promote', noun: ['delayed job', 'delayed jobs'], state: 'delayed' }),

  preview(target, name, { words }, selection) {
    const { schedulers } = target.queue
    const warnings = holdUps(target)
    if (selection.by === 'all' && schedulers)
      warnings.push(
        `The queue has ${counted(schedulers, 'scheduler')}, whose next jobs are delayed too: they run now, and later ones at their scheduled time.`,
      )
    return { summary: `${words} of ${name} will run now.`, action: `Promote ${words}`, warnings }
  },

  did: 'promoted',
  total: queue => queue.counts.delayed,
  chosen: (acts, address, run, ids) => acts.promoteChosen(address, run, ids),
  next: (acts, address, run, filter) => acts.promoteNext(address, run, filter),
})
