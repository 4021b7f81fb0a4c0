import { z } from 'zod'
import { exactTarget } from '../../../../infrastructure/cache/index.ts'
import { ledgerOf, outcomeOf } from '../../../fleet/process-answers.ts'
import { Commands } from '../../../fleet/resources.ts'
import { counted, processes } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { defineOperation, type RunControl, type RunOutcome } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import type { Affected } from '../../../platform/operation/wire.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { adoptedHolders, invalidateAdopted, previewOfAdopted } from '../acts/invalidate-adopted.ts'
import { keepUnder, restoreEntries, undoOf, undoPreview } from '../acts/restore-entries.ts'
import { type CacheInstance, isShared } from '../collect.ts'
import { countWithin } from '../count-within.ts'
import { groupCaches } from '../group.ts'
import { CACHES, hitRatioSeries } from '../hit-ratios.ts'
import { holdersOfCache } from '../holders.ts'
import { originLoad } from '../origin-load.ts'
import { Caches } from '../resource.ts'
import { aboutWhere, describeWhere, Where } from '../where.ts'

const SAMPLE = 10
/** The most processes named in one command; with more it goes to all, and those without the cache refuse it. */
const NAMED_AT_MOST = 2_000

export const invalidateCache = defineOperation({
  id: 'cache.invalidate',
  title: 'Invalidate cache entries',
  description:
    'Removes entries by key, pattern, tag, entity, user or workspace, or all of them, from Redis and from the memory of every process; values being made from older data are not stored. Undo restores what was removed from Redis, except where something newer is there. A cache of another library is invalidated by what that library can, without undo.',
  permission: 'cache:invalidate',
  targetKind: 'cache',
  input: z.strictObject({ cache: Name, where: Where, reason: Reason.optional() }),
  risk: ({ where }) => (where.by === 'key' ? 'one' : 'many'),
  reason: 'optional',
  // Doing it twice also removes what was written in between, which is the intent.
  resumable: true,
  lines: ['process', 'processes'],
  target: ({ cache }) => ({ kind: 'cache', name: cache }),
  about: ({ where }) => aboutWhere(where),
  affects: ({ cache }) => [{ service: CACHES, series: hitRatioSeries(cache, 'any'), label: 'Hit ratio' }],

  async preview({ environment }, { cache, where }) {
    const holders = await holdersOfCache(environment, cache)
    const adopted = adoptedHolders(cache, holders)
    const { bytes, shared, ...affected } = await affectedBy(environment, holders, where)
    const [group] = groupCaches(holders)
    const load = await originLoad(environment, { cache, where, affected, ratio: group?.hitRatio.overall })
    const dependents = [...new Set(holders.map(holder => holder.service))]
    if (adopted) {
      const { warnings, ...draft } = previewOfAdopted(cache, adopted, where)
      return { ...draft, affected, warnings: [...load, ...warnings, ...warningsOf(holders)], dependents }
    }
    return {
      summary: `${describeAffected(affected)} ${describeWhere(where)} will be removed from ${cache}, and from the memory of ${processes(holders.length)}.`,
      action: where.by === 'key' ? 'Invalidate the key' : `Invalidate ${describeAffected(affected)}`,
      affected,
      warnings: [...load, ...warningsOf(holders)],
      dependents,
      ...undoPreview(shared, affected, bytes),
    }
  },

  async run({ environment }, { cache, where }, control) {
    const holders = await holdersOfCache(environment, cache)
    const adopted = adoptedHolders(cache, holders)
    if (adopted) return invalidateAdopted(environment, { cache, where }, adopted, control)
    const shared = await sharedOf(environment, holders)
    const keep = keepUnder(control.runId)
    // What an earlier worker had kept may be out of date by the time of this invalidation.
    if (control.resumed) await shared?.layer.discard(keep.name)
    const at = await shared?.layer.invalidate(exactTarget(where), keep)
    const [answers, swept] = await Promise.all([
      commandProcesses(environment, cache, where, holders, at?.stamp.epoch, control),
      // A pattern or tag takes effect from its epoch on; removing entries here only frees memory.
      shared && at && at.deleted === undefined
        ? shared.layer.setAside(exactTarget(where), at, keep, {
            signal: control.signal,
            onProgress: deleted =>
              control.progress({ done: deleted, note: `${counted(deleted, 'entry', 'entries')} removed from Redis` }),
          })
        : at,
    ])
    const answered = outcomeOf(
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
      ...answered,
      ...(cut && { status: cut.status }),
      ...undoing,
      summary: `${answered.summary}${removed}${cut?.words ?? ''}${words}`,
      result: { deleted, epoch: at?.stamp.epoch },
    }
  },

  undo: restoreEntries,
})

/** The invalidation is already in effect: an early end only leaves outdated entries in Redis. */
function cutShort(
  where: Where,
  server: string,
  why: unknown,
  signal: AbortSignal,
): Pick<RunOutcome, 'status'> & { words: string } {
  const left =
    where.by === 'pattern'
      ? 'The other entries are still in Redis, where a process that starts from now on finds them: invalidate again to remove them'
      : 'The other entries stay in Redis, unread, until they expire'
  if (signal.aborted) return { status: 'aborted', words: ` Then it was aborted. ${left}.` }
  return { status: 'partial', words: ` Then ${reasonOf(server, why)}. ${left}.` }
}

async function sharedOf(environment: ConsoleEnvironment, holders: CacheInstance[]) {
  const namespace = holders.find(isShared)?.namespace
  const found = namespace === undefined ? undefined : await environment.of(Caches).find(namespace)
  return found && namespace !== undefined ? { ...found, namespace } : undefined
}

async function affectedBy(
  environment: ConsoleEnvironment,
  holders: CacheInstance[],
  where: Where,
): Promise<Affected & { bytes?: number; shared: boolean }> {
  const shared = await sharedOf(environment, holders)
  // Only the process itself can count what is in its memory.
  if (!shared) return { precision: 'unknown', noun: 'entries', sample: [], shared: false }
  const found = await countWithin(signal => shared.layer.count(exactTarget(where), { signal, sample: SAMPLE }))
  return { ...found, noun: found.count === 1 ? 'entry' : 'entries', shared: true }
}

function commandProcesses(
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
    // Processes with an older library know tags, and not what they stand for.
    args: { cache, where: exactTarget(where), ...(epoch === undefined ? {} : { epoch }) },
    issuedBy: control.actor.name,
    expected: ids,
    signal: control.signal,
    onAnswer: ledgerOf(namesOf(holders), control),
  })
}

const namesOf = (holders: CacheInstance[]) => new Map(holders.map(holder => [holder.process, holder.instance]))

function warningsOf(holders: CacheInstance[]): string[] {
  const warnings: string[] = []
  const late = holders.filter(holder => holder.processState === 'late')
  if (late.length > 0) warnings.push(`${late.map(holder => holder.instance).join(', ')} may not answer in time.`)
  const degraded = holders.filter(holder => holder.degraded !== undefined)
  if (degraded.length > 0)
    warnings.push(`Degraded in ${degraded.map(holder => holder.instance).join(', ')}: ${degraded[0]?.degraded}.`)
  return warnings
}
