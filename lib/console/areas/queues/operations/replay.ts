import { z } from 'zod'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { queueFigures } from '../acts/affected-series.ts'
import { DeadLetters, deadLettersMeant } from '../acts/dead-letters.ts'
import { inSteps, LEDGER_LINES } from '../acts/in-steps.ts'
import { workOn } from '../acts/job-selection.ts'
import { holdUps, queueFields, targetOf, toTarget } from '../acts/target.ts'

/** A dead letter younger than this says that the trouble is not over (ms). */
const STILL_FAILING = 60_000

const Input = z.strictObject({ ...queueFields, which: DeadLetters, reason: Reason.optional() })

export const replayQueue = defineOperation({
  id: 'queue.replay',
  title: 'Replay dead letters',
  description:
    'Puts dead letters back as they were added: same id, data, priority, delay and order, all their tries again. Each once, though it may die again meanwhile.',
  permission: 'queue:replay',
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
    const affected = await deadLettersMeant(target, input.which)
    const { lastFailedAt } = target.queue
    const warnings = holdUps(target)
    if (lastFailedAt !== undefined && Date.now() - lastFailedAt < STILL_FAILING)
      warnings.push(
        'Jobs of this queue are still dying: the last one did less than a minute ago. What they failed of may not be over.',
      )
    return {
      summary: `${describeAffected(affected)} of ${input.queue} will be put back and tried again, with priority, delay and order as they were added.`,
      action: `Replay ${describeAffected(affected)}`,
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
      'replayed',
      ({ server: { acts }, address, queue }) =>
        workOn(which, {
          total: queue.counts.failed,
          chosen: ids => acts.replayChosen(address, runId, ids),
          next: filter => acts.replayNext(address, runId, filter),
        }),
      control,
    )
  },
})
