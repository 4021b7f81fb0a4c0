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
import { type JobSelection, type JobSet, type SelectedJobs, selectedJobs } from './job-selection.ts'
import { type QueueTarget, queueFields, targetOf, toTarget } from './target.ts'

type Acts = WatchedServer['acts']
type Filter = ReturnType<typeof filterOf>
type Words = Pick<PreviewDraft, 'summary' | 'action'> & { warnings: string[] }

interface BulkJobOperation<Selection extends z.ZodType<JobSelection>> {
  id: `queue.${string}`
  title: string
  description: string
  permission: Permission
  /** Selected jobs, or all that match. */
  selection: Selection
  reason: 'required' | 'optional'
  risk(selection: z.output<Selection>): Risk
  /** The set of jobs that it is about. */
  set(selection: z.output<Selection>): JobSet
  /** The preview of the jobs that it takes; those that would stay are warned about separately. */
  preview(target: QueueTarget, queue: string, jobs: SelectedJobs, selection: z.output<Selection>): Words
  /** What happens to a job: `replayed`. */
  did: string
  /** All majors of BullMQ do it the same way. */
  anyMajor?: boolean
  /** How many there are where all are selected, if that is known. */
  total(queue: WatchedQueue): number | undefined
  /** One step over selected jobs, and one over all that match. Both can be repeated: nothing is done twice in a run. */
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
export function bulkJobOperation<Selection extends z.ZodType<JobSelection>>({
  selection: Selection,
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
  // The compiler cannot infer the output of a schema that is a type parameter, so it is given.
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
      const { queue, which: selection } = input
      const target = await targetOf(environment, input, { anyMajor })
      const jobs = await selectedJobs(target, selection, set(selection))
      const { warnings, ...words } = preview(target, queue, jobs, selection)
      return { ...words, affected: jobs.affected, warnings: [...jobs.staying, ...warnings] }
    },
    run: ({ environment }, input, control) =>
      inSteps(
        environment,
        input,
        did,
        ({ server: { acts }, address, queue }) => {
          const { which: selection } = input
          if (selection.by === 'ids')
            return { next: () => chosen(acts, address, control.runId, selection.ids), set: selection }
          const filter = filterOf(selection)
          return {
            next: () => next(acts, address, control.runId, filter),
            // How many match is not known in advance.
            set: { total: Object.keys(filter).length === 0 ? total(queue) : undefined },
          }
        },
        control,
        { anyMajor },
      ),
  })
}
