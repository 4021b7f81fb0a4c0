import { z } from 'zod'
import { counted } from '../../counted.ts'
import { RefusalError } from '../../refusal.ts'
import { defineOperation } from '../define.ts'
import { Reason } from '../input.ts'
import { inSteps, LEDGER_LINES } from './in-steps.ts'
import { holdUps, JobIds, queueFields, reading, targetOf, toTarget } from './target.ts'
import { queueFigures } from './touched.ts'

const Input = z.strictObject({ ...queueFields, ids: JobIds, reason: Reason.optional() })

export const promoteJobs = defineOperation({
  id: 'queue.promote',
  title: 'Promote delayed jobs',
  description: 'Lets delayed jobs go now, each in the order of its priority.',
  permission: 'queue:promote',
  targetKind: 'queue',
  input: Input,
  risk: ({ ids }) => (ids.length === 1 ? 'one' : 'many'),
  reason: 'optional',
  lines: LEDGER_LINES,
  target: toTarget,
  touches: queueFigures,

  async preview({ environment }, input) {
    const target = await targetOf(environment, input)
    const delayed = await reading(target.server, () => target.server.queues.delayedAmong(target.address, input.ids))
    if (delayed.length === 0)
      throw new RefusalError({
        code: 'conflict',
        message: `${input.ids.length === 1 ? 'That job is not' : 'None of those jobs is'} delayed any more.`,
        fields: { ids: 'names no delayed job' },
      })
    const jobs = counted(delayed.length, 'delayed job')
    return {
      summary: `${jobs} of ${input.queue} will not wait any longer.`,
      action: `Promote ${jobs}`,
      affected: {
        count: delayed.length,
        precision: 'exact',
        noun: delayed.length === 1 ? 'delayed job' : 'delayed jobs',
        sample: delayed.slice(0, 10),
      },
      warnings: holdUps(target),
    }
  },

  run({ environment }, input, control) {
    return inSteps(
      environment,
      input,
      'promoted',
      ({ server, address }) => ({
        next: () => server.acts.promote(address, control.runId, input.ids),
        set: input,
      }),
      control,
    )
  },
})
