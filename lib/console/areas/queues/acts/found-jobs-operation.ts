import { z } from 'zod'
import { counted } from '../../../platform/counted.ts'
import {
  type AnyOperation,
  defineOperation,
  type OperationContext,
  type PreviewDraft,
  type RunControl,
  type RunOutcome,
} from '../../../platform/operation/define.ts'
import { Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { Queues } from '../resource.ts'
import { LEDGER_LINES } from './in-steps.ts'
import { JobIds, queueFields } from './target.ts'

/** The most queues and jobs of one act. */
const QUEUES = 200
const JOBS = 1_000
const WARNINGS = 20

/** Jobs of several queues, as a search finds them. */
export const FoundJobs = z
  .array(z.strictObject({ ...queueFields, ids: JobIds }))
  .min(1)
  .max(QUEUES)
  .refine(
    jobs => new Set(jobs.map(({ server, queue }) => `${server} ${queue}`)).size === jobs.length,
    'must name each queue once',
  )
  .refine(jobs => jobs.reduce((sum, { ids }) => sum + ids.length, 0) <= JOBS, `must be at most ${JOBS} jobs`)
export type FoundJobs = z.output<typeof FoundJobs>

interface OneQueueInput {
  server: string
  queue: string
  which: { by: 'ids'; ids: string[] }
  reason?: string
}

interface FoundJobsOperation {
  id: `queue.${string}`
  title: string
  description: string
  /** The same act on jobs of one queue, which is previewed and carried out for each. */
  each: AnyOperation
  /** `Promote`, and what happens to them in each: `will run now`. */
  verb: string
  will: string
  noun: readonly [one: string, many: string]
}

/** One act on chosen jobs of several queues: each queue by its own rules, one after another, with one preview, run and ledger. */
export function foundJobsOperation({ each, verb, will, noun, ...words }: FoundJobsOperation) {
  const { permission, reason } = each
  const Input: z.ZodType<{ jobs: FoundJobs; reason?: string | undefined }> = z.strictObject({
    jobs: FoundJobs,
    reason: reason === 'required' ? Reason : Reason.optional(),
  })
  const inputOf = ({ ids, ...queue }: FoundJobs[number], why: string | undefined): OneQueueInput => ({
    ...queue,
    which: { by: 'ids', ids },
    ...(why === undefined ? {} : { reason: why }),
  })
  return defineOperation({
    ...words,
    permission,
    reason,
    targetKind: 'jobs',
    place: 'queues/search',
    input: Input,
    risk: 'many',
    durable: true,
    resumable: true,
    lines: LEDGER_LINES,
    target: ({ jobs }) => ({
      kind: 'jobs',
      name: jobs.length === 1 ? (jobs[0]?.queue ?? '') : `${jobs.length} queues`,
    }),

    async preview(context, input) {
      const found = await Promise.all(
        input.jobs.map(jobs => previewOf(context, each, jobs, inputOf(jobs, input.reason))),
      )
      const able = found.filter(({ count }) => count > 0)
      const count = able.reduce((sum, one) => sum + one.count, 0)
      if (count === 0)
        throw new RefusalError({
          code: 'conflict',
          message: found[0]?.warnings[0] ?? '',
          fields: { jobs: 'has none of them' },
        })
      const affected = counted(count, ...noun)
      return {
        summary: `${affected} of ${counted(able.length, 'queue')} ${will}.`,
        action: `${verb} ${affected}`,
        affected: {
          count,
          precision: 'exact',
          noun: noun[count === 1 ? 0 : 1],
          sample: able.flatMap(({ sample }) => sample).slice(0, 10),
        },
        warnings: [...new Set(found.flatMap(({ warnings }) => warnings))].slice(0, WARNINGS),
      }
    },

    async run(context, input, control) {
      const total = input.jobs.reduce((sum, { ids }) => sum + ids.length, 0)
      const outcomes: RunOutcome[] = []
      const down = new Map<string, string>()
      let before = 0
      for (const jobs of input.jobs) {
        if (control.signal.aborted) break
        const why = down.get(jobs.server)
        if (why !== undefined) {
          outcomes.push(skipped(jobs.queue, why, control))
          continue
        }
        const own = { done: 0 }
        const outcome = await runOf(
          context,
          each,
          inputOf(jobs, input.reason),
          within(control, jobs, { before, total, own }),
        )
        outcomes.push(outcome)
        before += own.done
        // Each queue waits for its Redis in vain: those that follow need not.
        const reason = outcome.status === 'succeeded' ? undefined : await outageOf(context, jobs.server)
        if (reason !== undefined) down.set(jobs.server, reason)
      }
      return together(outcomes, outcomes.length < input.jobs.length)
    },
  })
}

async function previewOf(
  context: OperationContext,
  each: FoundJobsOperation['each'],
  { queue }: FoundJobs[number],
  input: OneQueueInput,
): Promise<{ count: number; sample: string[]; warnings: string[] }> {
  const named = (warning: string) => `${queue}: ${warning}`
  try {
    const { affected, warnings = [] }: PreviewDraft = await each.preview(context, input)
    return { count: affected.count ?? 0, sample: affected.sample.map(named), warnings: warnings.map(named) }
  } catch (error) {
    // The jobs of one queue may have moved on; those of the others are still there.
    if (!(error instanceof RefusalError)) throw error
    return { count: 0, sample: [], warnings: [named(error.refusal.message)] }
  }
}

async function runOf(
  context: OperationContext,
  each: FoundJobsOperation['each'],
  input: OneQueueInput,
  control: RunControl,
): Promise<RunOutcome> {
  try {
    return await each.run(context, input, control)
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    return { status: 'failed', summary: `${input.queue}: ${error.refusal.message}` }
  }
}

/** Why a Redis does not answer now; undefined when it does, or is not known here. */
async function outageOf({ environment }: OperationContext, server: string): Promise<string | undefined> {
  const now = await environment.of(Queues).server(server)?.read({ maxAge: 0 })
  return now === undefined || now.status === 'up' ? undefined : now.reason
}

/** An earlier worker of the run may have acted on it. */
const skipped = (queue: string, why: string, { resumed }: RunControl): RunOutcome => ({
  status: resumed ? 'unknown' : 'failed',
  summary: `${queue}: ${resumed ? 'not continued' : 'not begun'}. ${why}.`,
})

interface Share {
  /** Done in the queues before, and how many jobs there are in all of them. */
  before: number
  total: number
  own: { done: number }
}

/** The control of the part of a run that is about one queue: its lines of the ledger begin with the queue. */
function within(control: RunControl, { server, queue }: FoundJobs[number], { before, total, own }: Share): RunControl {
  const start = `${server} ${queue} `
  return {
    ...control,
    progress({ done }) {
      own.done = done
      control.progress({ done: before + done, total })
    },
    item: (key, ...line) => control.item(start + key, ...line),
    prior: new Map(
      [...control.prior].flatMap(([key, item]) => (key.startsWith(start) ? [[key.slice(start.length), item]] : [])),
    ),
    ...(control.resumed ? { resumed: { done: 0 } } : {}),
  }
}

/** An abort that came when all was done is none. */
function together(outcomes: readonly RunOutcome[], isCutShort: boolean): RunOutcome {
  const statuses = new Set(outcomes.map(({ status }) => status))
  const [only] = statuses
  const status = isCutShort || statuses.has('aborted') ? 'aborted' : statuses.size === 1 && only ? only : 'partial'
  return { status, summary: outcomes.map(({ summary }) => summary).join(' ') || 'Aborted before anything was done.' }
}
