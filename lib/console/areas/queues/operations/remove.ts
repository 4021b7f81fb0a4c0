import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { queueFigures } from '../acts/affected-series.ts'
import { AllDeadLetters, deadLettersMeant } from '../acts/dead-letters.ts'
import { inSteps, LEDGER_LINES } from '../acts/in-steps.ts'
import { workOn } from '../acts/job-selection.ts'
import { JobIds, queueFields, reading, targetOf, toTarget } from '../acts/target.ts'

const Which = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('ids'), ids: JobIds.describe('jobs in any state but active') }),
  AllDeadLetters,
])
const Input = z.strictObject({ ...queueFields, which: Which, reason: Reason })

export const removeJobs = defineOperation({
  id: 'queue.remove',
  title: 'Remove jobs',
  description:
    'Takes jobs out of a queue for good, with their data and logs: chosen ones in any state but active, or all dead letters that match. It cannot be undone.',
  permission: 'queue:remove',
  targetKind: 'queue',
  input: Input,
  risk: ({ which }) => (which.by === 'ids' ? 'many' : 'grave'),
  reason: 'required',
  durable: true,
  resumable: true,
  lines: LEDGER_LINES,
  target: toTarget,
  touches: queueFigures,

  async preview({ environment }, input) {
    const target = await targetOf(environment, input)
    const warnings = ['What is removed is gone: nothing can bring it back.']
    if (input.which.by === 'all') {
      const affected = await deadLettersMeant(target, input.which)
      return {
        summary: `${describeAffected(affected)} of ${input.queue} will be removed for good, with their data and logs.`,
        action: `Remove ${describeAffected(affected)}`,
        affected,
        warnings,
      }
    }
    const { ids } = input.which
    const there = await reading(target.server, () => target.server.queues.existing(target.address, ids))
    if (there.length === 0)
      throw new RefusalError({
        code: 'conflict',
        message: `${ids.length === 1 ? 'That job is not' : 'None of those jobs is'} in this queue any more.`,
        fields: { 'which.ids': 'names no job' },
      })
    return {
      summary: `${counted(there.length, 'job')} of ${input.queue} will be removed for good, with data and logs. One that is being worked on, or that a flow or scheduler needs, stays.`,
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

  run({ environment }, input, control) {
    const { which } = input
    const { runId } = control
    return inSteps(
      environment,
      input,
      'removed',
      ({ server: { acts }, address, queue }) =>
        workOn(which, {
          total: queue.counts.failed,
          chosen: ids => acts.removeChosen(address, runId, ids),
          next: filter => acts.removeNext(address, runId, filter),
        }),
      control,
    )
  },
})
