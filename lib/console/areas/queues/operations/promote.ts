import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { queueFigures } from '../acts/affected-series.ts'
import { inSteps, LEDGER_LINES } from '../acts/in-steps.ts'
import { jobsMeant, Part, workOn } from '../acts/job-selection.ts'
import { holdUps, JobIds, queueFields, targetOf, toTarget } from '../acts/target.ts'

const DelayedJobs = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('ids'), ids: JobIds }),
  z.strictObject({
    by: z.literal('all'),
    name: Part.optional().describe('only jobs whose name holds this'),
  }),
])
const Input = z.strictObject({ ...queueFields, which: DelayedJobs, reason: Reason.optional() })

export const promoteJobs = defineOperation({
  id: 'queue.promote',
  title: 'Promote delayed jobs',
  description:
    'Lets delayed jobs go now, each in the order of its priority: chosen ones, or all that are delayed when it begins, each once, though it may be delayed again meanwhile.',
  permission: 'queue:promote',
  targetKind: 'queue',
  input: Input,
  risk: ({ which }) => (which.by === 'ids' && which.ids.length === 1 ? 'one' : 'many'),
  reason: 'optional',
  durable: true,
  resumable: true,
  lines: LEDGER_LINES,
  target: toTarget,
  touches: queueFigures,

  async preview({ environment }, input) {
    const target = await targetOf(environment, input)
    const { server, address, queue } = target
    const affected = await jobsMeant(server, input.which, {
      noun: ['delayed job', 'delayed jobs'],
      state: 'delayed',
      among: ids => server.queues.delayedAmong(address, ids),
      count: filter => server.queues.countDelayed(address, filter),
    })
    const warnings = holdUps(target)
    if (input.which.by === 'all' && queue.schedulers)
      warnings.push(
        `The queue has ${counted(queue.schedulers, 'scheduler')}, whose next jobs are delayed too: they run now, and those after them at their time.`,
      )
    return {
      summary: `${describeAffected(affected)} of ${input.queue} will not wait any longer.`,
      action: `Promote ${describeAffected(affected)}`,
      affected,
      warnings,
    }
  },

  run({ environment }, input, control) {
    const { which } = input
    const { runId } = control
    return inSteps(
      environment,
      input,
      'promoted',
      ({ server: { acts }, address, queue }) =>
        workOn(which, {
          total: queue.counts.delayed,
          chosen: ids => acts.promoteChosen(address, runId, ids),
          next: filter => acts.promoteNext(address, runId, filter),
        }),
      control,
    )
  },
})
