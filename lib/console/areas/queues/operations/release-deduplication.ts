import { z } from 'zod'
import type { DeduplicationKey } from '../../../../infrastructure/queue/index.ts'
import { counted } from '../../../platform/counted.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { defineOperation, type PreviewDraft } from '../../../platform/operation/define.ts'
import { name, Reason } from '../../../platform/operation/input.ts'
import type { Affected } from '../../../platform/operation/wire.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { inSteps, LEDGER_LINES, type Work } from '../acts/in-steps.ts'
import { JobId, type QueueTarget, queueFields, reading, targetOf, toTarget } from '../acts/target.ts'
import type { WatchedServer } from '../port.ts'

const NOUN = ['deduplication key', 'deduplication keys'] as const
/** How long a preview scans, and one step of the act (ms). */
const PREVIEW_BUDGET = 3_000
const STEP_BUDGET = 100
/** Warnings about single keys. */
const WARNED = 5
/** Keys named in a preview. */
const SAMPLE = 10

const Input = z.strictObject({
  ...queueFields,
  which: z.discriminatedUnion('by', [
    z.strictObject({
      by: z.literal('ids'),
      keys: z
        .array(
          z.strictObject({
            id: name(1_000).describe('the deduplication id'),
            job: JobId.describe('the job that holds it: a key that another job holds by then stays'),
          }),
        )
        .min(1)
        .max(200),
    }),
    z.strictObject({ by: z.literal('left-over') }),
  ]),
  reason: Reason,
})
type Chosen = Extract<z.output<typeof Input>['which'], { by: 'ids' }>['keys']

export const releaseDeduplication = defineOperation({
  id: 'queue.release-deduplication',
  title: 'Release deduplication keys',
  description:
    'Removes deduplication keys, so that jobs with their ids are added again: chosen ones, or all that are left over, whose job is finished or gone and which never expire. A key that another job holds by then stays.',
  permission: 'queue:remove',
  targetKind: 'queue',
  input: Input,
  risk: 'many',
  reason: 'required',
  durable: true,
  resumable: true,
  lines: LEDGER_LINES,
  target: toTarget,

  async preview({ environment }, { which, ...named }): Promise<PreviewDraft> {
    const target = await targetOf(environment, named, { anyMajor: true })
    const found = which.by === 'ids' ? await chosen(target, which.keys) : await leftOver(target)
    const words = describeAffected(found.affected)
    return {
      summary: `${words} of ${named.queue} will be removed: the next job with ${found.affected.count === 1 ? 'that id' : 'each of those ids'} is added again.`,
      action: `Release ${words}`,
      ...found,
      undoWords: 'There is no undo.',
    }
  },

  run: ({ environment }, { which, ...named }, control) =>
    inSteps(
      environment,
      named,
      'released',
      ({ server: { acts }, address }): Work =>
        which.by === 'ids'
          ? {
              async next() {
                const { released, refused } = await acts.releaseDeduplications(address, control.runId, which.keys)
                return { done: released, refused, finished: true }
              },
              set: { ids: which.keys.map(({ id }) => id) },
            }
          : { next: allLeftOver(acts, address, control.runId), set: {} },
      control,
      { anyMajor: true, noun: NOUN },
    ),
})

/** Steps over all keys of the Redis, from the first again when resumed: what was released before is not found again. */
function allLeftOver(acts: WatchedServer['acts'], address: QueueTarget['address'], run: string) {
  let from: string | undefined
  return async () => {
    const { released, next } = await acts.releaseLeftOver(address, run, {
      ...(from === undefined ? {} : { from }),
      budgetMs: STEP_BUDGET,
    })
    from = next
    return { done: released, refused: [], finished: next === undefined }
  }
}

interface Found {
  affected: Affected
  warnings: string[]
}

async function chosen({ server, address }: QueueTarget, keys: Chosen): Promise<Found> {
  const now = await reading(server, () =>
    server.queues.deduplicationsOf(
      address,
      keys.map(({ id }) => id),
    ),
  )
  const wanted = new Map(keys.map(({ id, job }) => [id, job]))
  const same = now.filter(({ id, job }) => wanted.get(id) === job)
  if (same.length === 0)
    throw new RefusalError({
      code: 'conflict',
      message: 'None of those jobs holds its deduplication key any more.',
      fields: { 'which.keys': 'names no key that is held as given' },
    })
  const held = same.filter(key => !key.leftOver)
  const others = keys.length - same.length
  return {
    affected: affectedBy(same.length, same),
    warnings: [
      ...held.slice(0, WARNED).map(heldWords),
      ...(held.length > WARNED ? [`${counted(held.length - WARNED, 'more key')} of the kind.`] : []),
      ...(others > 0 ? [`${counted(others, 'key stays', 'keys stay')}: gone, or held by another job.`] : []),
      ...droppedWords(same.filter(key => key.leftOver && key.pending).length),
    ],
  }
}

async function leftOver({ server, address }: QueueTarget): Promise<Found> {
  const { keys, leftOver, next, scanned, total } = await reading(server, () =>
    server.queues.deduplications(address, { budgetMs: PREVIEW_BUDGET, limit: SAMPLE }),
  )
  const { count, pending } = leftOver
  const sample = keys.filter(key => key.leftOver)
  if (next !== undefined)
    return {
      affected: { precision: 'unknown', noun: 'left-over keys', sample: sample.map(keyWords) },
      warnings: [
        `${counted(count, 'left-over key was', 'left-over keys were')} found among ${counted(scanned, 'key')} of about ${total.toLocaleString('en')} in this Redis. The act scans all.`,
        ...droppedWords(pending),
      ],
    }
  if (count === 0)
    throw new RefusalError({ code: 'conflict', message: 'No deduplication key of this queue is left over.' })
  return { affected: affectedBy(count, sample), warnings: droppedWords(pending) }
}

const affectedBy = (count: number, keys: readonly DeduplicationKey[]): Affected => ({
  count,
  precision: 'exact',
  noun: NOUN[count === 1 ? 0 : 1],
  sample: keys.slice(0, SAMPLE).map(keyWords),
})

const keyWords = ({ id, job, state, exists }: DeduplicationKey) =>
  `${id}: job ${job}, ${exists ? (state ?? 'in no list') : 'which is gone'}`

const heldWords = ({ id, job, state, until }: DeduplicationKey) =>
  until === undefined
    ? `Job ${job} of ${id} is ${state ?? 'in no list that was searched'}: a second one can be added beside it.`
    : `${id} would expire on its own.`

/** Of additions that are kept behind keys that are left over. */
function droppedWords(pending: number): string[] {
  return pending === 0
    ? []
    : [
        `${counted(pending, 'job that was', 'jobs that were')} to be added after the one that holds the key will be dropped.`,
      ]
}
