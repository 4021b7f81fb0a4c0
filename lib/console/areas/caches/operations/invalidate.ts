import { z } from 'zod'
import { ledgerOf, outcomeOf } from '../../../fleet/process-answers.ts'
import { Commands } from '../../../fleet/resources.ts'
import { counted, processes } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { defineOperation, type RunControl, type RunOutcome } from '../../../platform/operation/define.ts'
import { CacheKey, Glob, Name, Reason } from '../../../platform/operation/input.ts'
import type { Affected } from '../../../platform/operation/wire.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { keepUnder, putBackEntries, undoForeseen, undoOf } from '../acts/put-back.ts'
import type { CacheInstance } from '../collect.ts'
import { countWithin } from '../count-within.ts'
import { groupCaches } from '../group.ts'
import { CACHES, hitRatioSeries } from '../hit-ratios.ts'
import { holdersOfCache } from '../holders.ts'
import { Caches } from '../resource.ts'

const Where = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('key'), key: CacheKey }),
  z.strictObject({ by: z.literal('pattern'), pattern: Glob }),
  z.strictObject({ by: z.literal('tag'), tag: CacheKey }),
  z.strictObject({ by: z.literal('all') }),
])
type Where = z.output<typeof Where>

const SAMPLE = 10
/** How many processes can be named in one command; beyond it goes to all, and those without the cache refuse unasked. */
const NAMED_AT_MOST = 2_000

export const invalidateCache = defineOperation({
  id: 'cache.invalidate',
  title: 'Invalidate cache entries',
  description:
    'Removes entries by key, pattern or tag, or all of them, from Redis and from the memory of every process; what is being made from older data is not stored. Undone, what went from Redis is put back as far as nothing newer is there.',
  permission: 'cache:invalidate',
  targetKind: 'cache',
  input: z.strictObject({ cache: Name, where: Where, reason: Reason.optional() }),
  risk: ({ where }) => (where.by === 'key' ? 'one' : 'many'),
  reason: 'optional',
  // Doing it twice removes what came in between, which is what was asked for.
  resumable: true,
  lines: ['process', 'processes'],
  target: ({ cache }) => ({ kind: 'cache', name: cache }),
  about: ({ where }) => aboutWhere(where),
  affects: ({ cache }) => [{ service: CACHES, series: hitRatioSeries(cache, 'any'), label: 'Hit ratio' }],

  async preview({ environment }, { cache, where }) {
    const holders = await holdersOfCache(environment, cache)
    const { bytes, shared, ...affected } = await affectedBy(environment, holders, where)
    const [group] = groupCaches(holders)
    return {
      summary: `${describeAffected(affected)} ${describe(where)} ${affected.count === 1 ? 'goes' : 'go'} from ${cache}, and from the memory of ${processes(holders.length)}.`,
      action: where.by === 'key' ? 'Invalidate the key' : `Invalidate ${describeAffected(affected)}`,
      affected,
      warnings: warningsOf(holders, group?.hitRatio.overall, where),
      dependents: [...new Set(holders.map(holder => holder.service))],
      ...undoForeseen(shared, affected, bytes),
    }
  },

  async run({ environment }, { cache, where }, control) {
    const holders = await holdersOfCache(environment, cache)
    const shared = await sharedOf(environment, holders)
    const keep = keepUnder(control.runId)
    // What a worker before this one had put aside may be out of date by the time of this invalidation.
    if (control.resumed) await shared?.layer.discard(keep.name)
    const at = await shared?.layer.invalidate(where, keep)
    const [answers, swept] = await Promise.all([
      tellProcesses(environment, cache, where, holders, at?.stamp.epoch, control),
      // A pattern or tag holds from its epoch on; what is removed here only makes room.
      shared && at && at.deleted === undefined
        ? shared.layer.setAside(where, at, keep, {
            signal: control.signal,
            onProgress: deleted =>
              control.progress({ done: deleted, note: `${counted(deleted, 'entry', 'entries')} removed from Redis` }),
          })
        : at,
    ])
    const told = outcomeOf(
      `Invalidated ${aboutWhere(where)} ${where.by === 'all' ? 'of' : 'in'} ${cache}`,
      answers,
      namesOf(holders),
    )
    const deleted = swept?.deleted
    const removed = deleted === undefined ? '' : ` Removed ${counted(deleted, 'entry', 'entries')} from Redis.`
    const cut =
      swept && 'unfinished' in swept
        ? cutShort(where, `Redis ${shared?.server}`, swept.unfinished, control.signal)
        : undefined
    const { words, ...undoing } =
      shared && at && swept?.kept
        ? undoOf(cache, shared.namespace, keep, at, swept.kept, {
            resumed: control.resumed !== undefined,
            unfinished: cut !== undefined,
          })
        : { words: '' }
    return {
      ...told,
      ...(cut && { status: cut.status }),
      ...undoing,
      summary: `${told.summary}${removed}${cut?.words ?? ''}${words}`,
      result: { deleted, epoch: at?.stamp.epoch },
    }
  },

  undo: putBackEntries,
})

/** The invalidation holds already: what an end before its time leaves is entries that lie in Redis although they are out of date. */
function cutShort(
  where: Where,
  server: string,
  why: unknown,
  signal: AbortSignal,
): Pick<RunOutcome, 'status'> & { words: string } {
  const left =
    where.by === 'pattern'
      ? 'The others still lie there, where a process that starts from now on finds them: invalidate again to remove them'
      : 'The others lie there, unread, until they expire'
  if (signal.aborted) return { status: 'aborted', words: ` Then it was aborted. ${left}.` }
  return { status: 'partial', words: ` Then ${reasonOf(server, why)}. ${left}.` }
}

async function sharedOf(environment: ConsoleEnvironment, holders: CacheInstance[]) {
  const namespace = holders.find(holder => holder.layers.includes('l2'))?.namespace
  const found = namespace === undefined ? undefined : await environment.of(Caches).find(namespace)
  return found && namespace !== undefined ? { ...found, namespace } : undefined
}

async function affectedBy(
  environment: ConsoleEnvironment,
  holders: CacheInstance[],
  where: Where,
): Promise<Affected & { bytes?: number; shared: boolean }> {
  const shared = await sharedOf(environment, holders)
  // What lies in memory only, nobody but its process can count.
  if (!shared) return { precision: 'unknown', noun: 'entries', sample: [], shared: false }
  const found = await countWithin(signal => shared.layer.count(where, { signal, sample: SAMPLE }))
  return { ...found, noun: found.count === 1 ? 'entry' : 'entries', shared: true }
}

function tellProcesses(
  environment: ConsoleEnvironment,
  cache: string,
  where: Where,
  holders: CacheInstance[],
  epoch: number | undefined,
  control: RunControl,
) {
  const ids = holders.map(holder => holder.process)
  return environment.of(Commands).issue({
    id: control.runId,
    verb: 'cache.invalidate',
    scope: ids.length <= NAMED_AT_MOST ? { processes: ids } : { all: true },
    args: { cache, where, ...(epoch === undefined ? {} : { epoch }) },
    issuedBy: control.actor.name,
    expected: ids,
    signal: control.signal,
    onAnswer: ledgerOf(namesOf(holders), control),
  })
}

const namesOf = (holders: CacheInstance[]) => new Map(holders.map(holder => [holder.process, holder.instance]))

/** What of the cache, in a few words. */
function aboutWhere(where: Where): string {
  if (where.by === 'key') return `the key ${where.key}`
  if (where.by === 'pattern') return where.pattern
  return where.by === 'tag' ? `the tag ${where.tag}` : 'everything'
}

function describe(where: Where): string {
  if (where.by === 'key') return `with the key ${where.key}`
  if (where.by === 'pattern') return `matching ${where.pattern}`
  return where.by === 'tag' ? `tagged ${where.tag}` : 'in all'
}

function warningsOf(holders: CacheInstance[], ratio: number | undefined, where: Where): string[] {
  const warnings: string[] = []
  if (ratio !== undefined && where.by !== 'key')
    warnings.push(
      `It answers ${(ratio * 100).toFixed(1)} % of look-ups. Until it has filled again, those go to the origin.`,
    )
  const late = holders.filter(holder => holder.processState === 'late')
  if (late.length > 0) warnings.push(`${late.map(holder => holder.instance).join(', ')} may not answer in time.`)
  const degraded = holders.filter(holder => holder.degraded !== undefined)
  if (degraded.length > 0)
    warnings.push(`Degraded in ${degraded.map(holder => holder.instance).join(', ')}: ${degraded[0]?.degraded}.`)
  return warnings
}
