import type { z } from 'zod'
import type { Clearance } from '../../../../infrastructure/queue/index.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { queueFigures } from './affected-series.ts'
import { inSteps, LEDGER_LINES } from './in-steps.ts'
import { toSelected } from './job-selection.ts'
import { reading, targetOf, toTarget } from './target.ts'

interface ClearInput {
  server: string
  queue: string
  reason: string
}

interface ClearOperation<Input extends ClearInput> {
  id: `queue.${string}`
  title: string
  description: string
  input: z.ZodType<Input>
  clearance(input: Input): Clearance
  /** Which jobs they are, after their number: `that wait`. */
  which(input: Input): string
  warnings: string[]
}

/** An act that removes the jobs of some states for good: counted before, durable, in steps, with a ledger. */
export function clearOperation<Input extends ClearInput>({
  input,
  clearance,
  which,
  warnings,
  ...words
}: ClearOperation<Input>) {
  return defineOperation<z.ZodType<Input>>({
    ...words,
    permission: 'queue:remove',
    targetKind: 'queue',
    input,
    risk: 'grave',
    reason: 'required',
    durable: true,
    resumable: true,
    lines: LEDGER_LINES,
    target: toTarget,
    affects: queueFigures,
    async preview({ environment }, given) {
      const { server, address } = await targetOf(environment, given, { anyMajor: true })
      const found = await reading(server, () => server.queues.countCleared(address, clearance(given)))
      const { affected, words: counted, staying } = toSelected(found, { noun: ['job', 'jobs'] }, found.refused)
      if (found.count === 0)
        throw new RefusalError({
          code: 'conflict',
          message: `${given.queue} has no jobs ${which(given)} that can be removed.`,
          ...(staying[0] ? { nextStep: staying[0] } : {}),
        })
      return {
        summary: `${counted} of ${given.queue} ${which(given)} will be removed for good, with data and logs.`,
        action: `Remove ${counted}`,
        affected,
        warnings: [...staying, ...warnings, 'Removed jobs cannot be restored.'],
      }
    },
    run: ({ environment }, given, control) =>
      inSteps(
        environment,
        given,
        'removed',
        ({ server: { acts }, address }) => ({
          next: () => acts.clearNext(address, control.runId, clearance(given)),
          set: {},
        }),
        control,
        { anyMajor: true },
      ),
  })
}
