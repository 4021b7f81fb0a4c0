import { z } from 'zod'
import type { ActAddress } from '../../../../infrastructure/queue/index.ts'
import type { Permission } from '../../../platform/access/roles.ts'
import { defineOperation, type PreviewDraft } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import type { Risk } from '../../../platform/operation/wire.ts'
import { filterOf } from '../job-filter.ts'
import type { WatchedQueue, WatchedServer } from '../port.ts'
import { queueFigures } from './affected-series.ts'
import { inSteps, LEDGER_LINES, type Step } from './in-steps.ts'
import { type JobSet, type JobsMeant, jobsMeant, type Which } from './job-selection.ts'
import { type QueueTarget, queueFields, targetOf, toTarget } from './target.ts'

type Acts = WatchedServer['acts']
type Filter = ReturnType<typeof filterOf>
type Words = Pick<PreviewDraft, 'summary' | 'action'> & { warnings: string[] }

interface BulkJobOperation<Selection extends z.ZodType<Which>> {
  id: `queue.${string}`
  title: string
  description: string
  permission: Permission
  /** Which jobs: chosen ones, or all that match. */
  which: Selection
  reason: 'required' | 'optional'
  risk(which: z.output<Selection>): Risk
  /** The set of jobs that it is about. */
  set(which: z.output<Selection>): JobSet
  /** What is said of those that it takes; who would stay is said beside it. */
  preview(target: QueueTarget, queue: string, meant: JobsMeant, which: z.output<Selection>): Words
  /** What becomes of a job: `replayed`. */
  did: string
  /** All majors of BullMQ do it alike. */
  anyMajor?: boolean
  /** How many there are where all are meant, if that is known. */
  total(queue: WatchedQueue): number | undefined
  /** One step over chosen jobs, and one over all that match. Both can be repeated: nothing is done twice in a run. */
  chosen(acts: Acts, address: ActAddress, run: string, ids: readonly string[]): Promise<Step>
  next(acts: Acts, address: ActAddress, run: string, filter: Filter): Promise<Step>
}

interface BulkJobInput<Selection> {
  server: string
  queue: string
  which: Selection
  reason?: string
}

/** An act on many jobs of a queue: durable, resumable, in steps, with a ledger; an aborted one says how far it came. */
export function bulkJobOperation<Selection extends z.ZodType<Which>>({
  which: Selection,
  reason,
  risk,
  set,
  preview,
  did,
  anyMajor = false,
  total,
  chosen,
  next,
  ...words
}: BulkJobOperation<Selection>) {
  // The output of a schema that is a type parameter cannot be worked out by the compiler, so it is written down.
  const Input: z.ZodType<BulkJobInput<z.output<Selection>>> = z.strictObject({
    ...queueFields,
    which: Selection,
    reason: reason === 'required' ? Reason : Reason.optional(),
  }) as never
  return defineOperation({
    ...words,
    targetKind: 'queue',
    input: Input,
    risk: ({ which }) => risk(which),
    reason,
    durable: true,
    resumable: true,
    lines: LEDGER_LINES,
    target: toTarget,
    affects: queueFigures,
    async preview({ environment }, input) {
      const { queue, which } = input
      const target = await targetOf(environment, input, { anyMajor })
      const meant = await jobsMeant(target, which, set(which))
      const { warnings, ...words } = preview(target, queue, meant, which)
      return { ...words, affected: meant.affected, warnings: [...meant.staying, ...warnings] }
    },
    run: ({ environment }, input, control) =>
      inSteps(
        environment,
        input,
        did,
        ({ server: { acts }, address, queue }) => {
          const { which } = input
          if (which.by === 'ids') return { next: () => chosen(acts, address, control.runId, which.ids), set: which }
          const filter = filterOf(which)
          return {
            next: () => next(acts, address, control.runId, filter),
            // How many match is not known beforehand.
            set: { total: Object.keys(filter).length === 0 ? total(queue) : undefined },
          }
        },
        control,
        { anyMajor },
      ),
  })
}
