import { z } from 'zod'
import { type DeadLetterRecord, failureOf } from '../../../../infrastructure/queue/index.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { name } from '../../../platform/operation/input.ts'
import type { Affected } from '../../../platform/operation/wire.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import {
  FoundJobs,
  JobIds,
  Queues,
  type QueueTarget,
  queueFields,
  reading,
  sampleLine,
  targetOf,
} from '../../queues/index.ts'
import { foundQueues, knownKinds } from './known-kinds.ts'

const Fingerprint = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'must be 16 hexadecimal digits, as the dead-letters view gives them')
const where = {
  server: queueFields.server.optional(),
  queue: queueFields.queue.optional(),
}

/** Which dead letters: chosen ones of one queue or several, all of some kinds, or all; of one queue or server, or of all of them. */
export const Selection = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('ids'), ...queueFields, ids: JobIds.describe('chosen dead letters') }),
  z.strictObject({
    by: z.literal('kinds'),
    fingerprints: z.array(Fingerprint).min(1).max(200).describe('of the kinds, as the dead-letters view gives them'),
    ...where,
  }),
  z.strictObject({ by: z.literal('all'), ...where }),
  z.strictObject({ by: z.literal('found'), jobs: FoundJobs.describe('chosen dead letters of several queues') }),
  z.strictObject({
    by: z.literal('failed-again'),
    run: name(26).describe('a replay: those that failed again after it'),
  }),
])
export type Selection = z.output<typeof Selection>

/** A queue with the dead letters that an act takes there. */
export interface SelectedQueue extends QueueTarget {
  server: QueueTarget['server']
  key: string
  /** Chosen ones; absent: all that `matches`. */
  ids?: readonly string[]
}

export interface Selected {
  queues: SelectedQueue[]
  matches(record: DeadLetterRecord): boolean
}

/** The queues that an act is about, as they are now. Refuses when there is none, unless an earlier part of the act may have taken all. */
export async function select(
  environment: ConsoleEnvironment,
  which: Selection,
  { resumed = false } = {},
): Promise<Selected> {
  if (which.by === 'ids') {
    const { server, queue, ids } = which
    return { queues: [{ ...(await targetOf(environment, { server, queue })), key: queue, ids }], matches: () => true }
  }
  if (which.by === 'found') {
    const queues = await Promise.all(
      which.jobs.map(async ({ ids, ...place }) => ({ ...(await targetOf(environment, place)), key: place.queue, ids })),
    )
    return { queues, matches: () => true }
  }
  if (which.by === 'failed-again') return selectFailedAgain(environment, which.run, resumed)
  const kinds = which.by === 'kinds' ? new Set(which.fingerprints) : undefined
  const places = (await knownKinds(environment, which, { resumed })).filter(
    ({ kind }) => !kinds || kinds.has(kind.failure.fingerprint),
  )
  const keys = [...new Map(places.map(({ server, queue }) => [`${server} ${queue}`, { server, queue }])).values()]
  if (keys.length === 0 && !resumed)
    throw new RefusalError({
      code: 'conflict',
      message: kinds ? 'There are no dead letters of that kind now.' : 'There are no dead letters there now.',
    })
  const queues = await Promise.all(
    keys.map(async place => ({ ...(await targetOf(environment, place)), key: place.queue })),
  )
  return { queues, matches: record => !kinds || kinds.has(failureOf(record).fingerprint) }
}

/** The queues in which a run has moved jobs, once all queues have been found. */
export async function queuesOfRun(environment: ConsoleEnvironment, run: string): Promise<SelectedQueue[]> {
  const found: SelectedQueue[] = []
  for (const server of environment.of(Queues).servers)
    for (const key of await foundQueues(server)) {
      const address = server.addressOf(key)
      const moved = address && (await reading(server, () => server.queues.movedBy(address, run, 0, 1)))
      if (moved && moved.length > 0)
        found.push({ ...(await targetOf(environment, { server: server.name, queue: key })), key })
    }
  return found
}

const PAGE = 500

async function selectFailedAgain(environment: ConsoleEnvironment, run: string, resumed: boolean): Promise<Selected> {
  const queues: SelectedQueue[] = []
  for (const queue of await queuesOfRun(environment, run)) {
    const ids: string[] = []
    for (let from = 0; ; from += PAGE) {
      const moved = await reading(queue.server, () => queue.server.queues.movedBy(queue.address, run, from, PAGE))
      const outcomes = await reading(queue.server, () => queue.server.queues.outcomesOf(queue.address, run, moved))
      ids.push(...outcomes.flatMap(({ id, state }) => (state === 'failed' ? [id] : [])))
      if (moved.length < PAGE) break
    }
    if (ids.length > 0) queues.push({ ...queue, ids })
  }
  if (queues.length > 0 || resumed) return { queues, matches: () => true }
  throw new RefusalError({ code: 'conflict', message: 'No job that this replay moved is a dead letter again.' })
}

/** How many an act would take: exact for chosen ones and where all of a queue were examined. Refuses when it would take none. */
export async function countSelected(
  environment: ConsoleEnvironment,
  which: Selection,
  { queues }: Selected,
): Promise<Affected & { count: number }> {
  const chosen = queues.filter(({ ids }) => ids !== undefined)
  const parts: { count: number; exact: boolean; sample: string[] }[] = []
  for (const { server, address, ids = [] } of chosen) {
    const found = await reading(server, () => server.queues.applicable(address, 'replay', ids))
    const able = found.filter(({ why }) => why === undefined)
    parts.push({ count: able.length, exact: true, sample: able.map(sampleLine) })
  }
  if (which.by === 'kinds' || which.by === 'all') {
    const wanted = which.by === 'kinds' ? new Set(which.fingerprints) : undefined
    for (const { kind } of await knownKinds(environment, which)) {
      if (wanted && !wanted.has(kind.failure.fingerprint)) continue
      const { count, exact, newest, job } = kind
      parts.push({ count, exact, sample: [sampleLine({ id: newest.id, name: job, error: newest.error })] })
    }
  }
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  if (count === 0) throw new RefusalError({ code: 'conflict', message: 'None of those is a dead letter any more.' })
  return {
    count,
    precision: parts.every(({ exact }) => exact) ? 'exact' : 'sampled',
    noun: count === 1 ? 'dead letter' : 'dead letters',
    sample: parts.flatMap(({ sample }) => sample).slice(0, 10),
  }
}

/** The target of an act in words: the queue, the kind, or all. */
export function selectedName(which: Selection): string {
  if (which.by === 'failed-again') return `failed again in ${which.run}`
  if (which.by === 'found')
    return which.jobs.length === 1 ? (which.jobs[0]?.queue ?? '') : `jobs of ${which.jobs.length} queues`
  if (which.queue !== undefined) return which.queue
  if (which.by === 'kinds')
    return which.fingerprints.length === 1 ? (which.fingerprints[0] as string) : `${which.fingerprints.length} kinds`
  return which.server === undefined ? 'all dead letters' : `all of ${which.server}`
}
