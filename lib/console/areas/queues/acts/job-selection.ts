import { z } from 'zod'
import type { JobAct, JobFilter, JobLine, JobsCount } from '../../../../infrastructure/queue/index.ts'
import { counted } from '../../../platform/counted.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import type { Affected } from '../../../platform/operation/wire.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { filterOf, jobFilter } from '../job-filter.ts'
import { JobIds, type QueueTarget, reading, sampleLine } from './target.ts'

/** All of a set, or those that match. */
const All = z.strictObject({ by: z.literal('all'), ...jobFilter })
/** Selected ones, or all that match. */
export const jobSelection = (ids = 'selected jobs') =>
  z.discriminatedUnion('by', [z.strictObject({ by: z.literal('ids'), ids: JobIds.describe(ids) }), All])

export type JobSelection =
  | { by: 'ids'; ids: string[] }
  | ({ by: 'all' } & { [Field in keyof JobFilter]?: string | undefined })

/** A set of jobs that an act is about. */
export interface JobSet {
  act: JobAct
  noun: readonly [one: string, many: string]
  /** What a selected job no longer is when it has left the set: `delayed`. */
  state: string
}

/** The jobs that an act takes, without those that it would refuse. */
export interface SelectedJobs {
  affected: Affected
  /** `12 dead letters`, for the button. */
  words: string
  /** JobSelection jobs stay as they are and why, a sentence for each reason. */
  staying: string[]
}

/** The most reasons in a preview. */
const REASONS = 5

/** How many of a set an act would take; refuses when it would take none. */
export async function selectedJobs(target: QueueTarget, selection: JobSelection, set: JobSet): Promise<SelectedJobs> {
  return selection.by === 'ids' ? chosen(target, selection.ids, set) : all(target, filterOf(selection), set)
}

async function chosen({ server, address }: QueueTarget, ids: readonly string[], set: JobSet): Promise<SelectedJobs> {
  const { act, noun, state } = set
  const found = await reading(server, () => server.queues.applicable(address, act, ids))
  const missing = new Set(ids).size - found.length
  const able = found.filter(({ why }) => why === undefined)
  const refused = [...Map.groupBy(found, ({ why }) => why ?? '')].flatMap(([reason, jobs]) =>
    reason ? [{ reason, count: jobs.length }] : [],
  )
  const left = missing > 0 ? [...refused, { reason: `no longer ${state}`, count: missing }] : refused
  if (able.length > 0) return toSelected({ count: able.length, precision: 'exact', sample: able }, set, left)
  const fields = { 'which.ids': `names no ${noun[0]} that can be ${DONE[act]}` }
  if (found.length === 0)
    throw new RefusalError({
      code: 'conflict',
      message: `${ids.length === 1 ? 'That job is not' : 'None of those jobs is'} ${state} any more.`,
      fields,
    })
  const message =
    ids.length === 1
      ? `That job cannot be ${DONE[act]}: ${found[0]?.why}.`
      : `None of those jobs can be ${DONE[act]}. ${staying(left).join(' ')}`
  throw new RefusalError({ code: 'conflict', message, fields })
}

async function all({ server, address }: QueueTarget, filter: JobFilter, set: JobSet): Promise<SelectedJobs> {
  const { act, noun } = set
  const [one, many] = noun
  const found = await reading(server, () => server.queues.count(address, act, filter))
  const looked = found.examined < found.total ? `${counted(found.examined, one, many)} examined` : undefined
  if (found.count > 0) return toSelected(found, set, found.refused, looked)
  const stays = found.refused.length > 0
  throw new RefusalError({
    code: 'conflict',
    message:
      found.total === 0
        ? `There are no ${many} in this queue.`
        : stays
          ? `None of the ${many} that match can be ${DONE[act]}. ${staying(found.refused).join(' ')}`
          : `None of ${looked ?? counted(found.total, one, many)} matches.`,
  })
}

/** What was counted, in the words of a preview. */
export function toSelected(
  { count, precision, sample }: Pick<JobsCount, 'count' | 'precision'> & { sample: readonly JobLine[] },
  { noun: [one, many] }: Pick<JobSet, 'noun'>,
  refused: JobsCount['refused'],
  looked?: string,
): SelectedJobs {
  const affected: Affected = {
    count,
    precision,
    noun: count === 1 ? one : many,
    sample: sample.slice(0, 10).map(sampleLine),
  }
  return { affected, words: describeAffected(affected), staying: staying(refused, looked) }
}

const DONE: Record<JobAct, string> = {
  replay: 'replayed',
  promote: 'promoted',
  remove: 'removed',
  release: 'released',
}

/** `looked`: how many were examined, if not all, so there may be more. */
function staying(refused: JobsCount['refused'], looked?: string): string[] {
  const among = looked ? ` Of ${looked}.` : ''
  const sentences = refused
    .slice(0, REASONS)
    .map(({ reason, count }) => `${counted(count, 'job stays as it is', 'jobs stay as they are')}: ${reason}.${among}`)
  const rest = refused.slice(REASONS).reduce((sum, { count }) => sum + count, 0)
  return rest > 0
    ? [...sentences, `${counted(rest, 'more job stays', 'more jobs stay')}, each for its own reason.`]
    : sentences
}
