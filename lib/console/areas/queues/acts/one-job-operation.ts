import { z } from 'zod'
import type { ActAddress, JobDetail } from '../../../../infrastructure/queue/index.ts'
import type { Permission } from '../../../platform/access/roles.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation, type PreviewDraft, type RunControl } from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import type { Risk } from '../../../platform/operation/wire.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import type { WatchedServer } from '../port.ts'
import { queueFigures } from './affected-series.ts'
import { acting, JobId, type QueueTarget, queueFields, reading, takenToBe, targetOf, toTarget } from './target.ts'

/** The largest payload that a preview reads (bytes). */
const READ_MOST = 1_048_576

export interface OneJob {
  target: QueueTarget
  job: JobDetail
  /** `send 17` */
  title: string
}

type OneJobDraft = Pick<PreviewDraft, 'summary' | 'action'> & Partial<PreviewDraft>

type Named = { server: string; queue: string; job: string; reason?: string | undefined }

interface OneJobOperation<Shape extends z.ZodRawShape> {
  id: `queue.${string}`
  title: string
  description: string
  permission: Permission
  risk: Risk
  /** What the act needs beside the job. */
  fields: Shape
  /** Refuses what cannot be done; `action` is its button. */
  preview(
    job: OneJob,
    input: z.output<z.ZodObject<Shape>>,
    environment: ConsoleEnvironment,
  ): OneJobDraft | Promise<OneJobDraft>
  /** Resolves with why it was not done, or with what was. */
  act(
    acts: WatchedServer['acts'],
    address: ActAddress,
    job: string,
    input: z.output<z.ZodObject<Shape>>,
    control: RunControl,
  ): Promise<{ why: string } | { did: string }>
}

/** An act on one job that no worker is processing, in one step. */
export function oneJobOperation<Shape extends z.ZodRawShape>({
  fields,
  preview,
  act,
  ...words
}: OneJobOperation<Shape>) {
  // The compiler cannot infer the output of a schema that is a type parameter, so it is given.
  const Input: z.ZodType<Named & z.output<z.ZodObject<Shape>>> = z.strictObject({
    ...queueFields,
    job: JobId,
    ...fields,
    reason: Reason.optional(),
  }) as never
  return defineOperation({
    ...words,
    targetKind: 'queue',
    input: Input,
    reason: 'optional',
    target: toTarget,
    about: ({ job }) => job,
    affects: queueFigures,
    async preview({ environment }, input) {
      const target = await targetOf(environment, input)
      const { server, address } = target
      const job = await reading(server, () => server.queues.job(address, input.job, { maxBytes: READ_MOST }))
      if (!job)
        throw new RefusalError({
          code: 'not_found',
          message: `There is no job ${input.job} in ${input.queue} any more.`,
          fields: { job: 'does not exist' },
        })
      const title = `${job.name || 'Job'} ${job.id}`
      const { warnings = [], ...draft } = await preview({ target, job, title }, input, environment)
      return {
        affected: { count: 1, precision: 'exact', noun: 'job', sample: [title] },
        undoWords: 'There is no undo.',
        ...draft,
        warnings: [...takenToBe(target), ...warnings],
      }
    },
    async run({ environment }, input, control) {
      const { server, address } = await targetOf(environment, input)
      const answer = await acting(server, () => act(server.acts, address, input.job, input, control))
      if ('did' in answer) return { status: 'succeeded', summary: answer.did }
      throw notDone(input, answer.why)
    },
  })
}

/** Where only why not is known: done when there is no reason. */
export const doneUnless = (why: string | undefined, did: string) => (why === undefined ? { did } : { why })

function notDone({ job, queue }: Named, why: string) {
  return new RefusalError({ code: 'conflict', message: `${job} of ${queue} stays as it is: ${why}.` })
}

/** A job in this state cannot be acted on so. */
export function refuseUnless(holds: boolean, message: string): void {
  if (!holds) throw new RefusalError({ code: 'conflict', message })
}

export const isBusy = ({ state, orphaned, lockedForMs }: JobDetail) =>
  lockedForMs !== undefined || (state === 'active' && !orphaned)

/** A worker may take it, now or later. */
export const waits = ({ state }: JobDetail) => state === 'waiting' || state === 'prioritized' || state === 'delayed'
