import { z } from 'zod'
import { exactTarget } from '../../../../infrastructure/cache/index.ts'
import { outcomeOf } from '../../../fleet/process-answers.ts'
import { counted, processes } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { describeAffected } from '../../../platform/operation/affected.ts'
import { defineOperation, type RunOutcome } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import type { Affected } from '../../../platform/operation/wire.ts'
import { reasonOf } from '../../../platform/part/reason.ts'
import { commandInvalidation, instanceNames } from '../acts/command-invalidation.ts'
import { adoptedHolders, invalidateAdopted, previewOfAdopted } from '../acts/invalidate-adopted.ts'
import { invalidatePaced, pacedPreview, unpaceable } from '../acts/invalidate-paced.ts'
import { keepUnder, restoreEntries, undoOf, undoPreview } from '../acts/restore-entries.ts'
import { sharedOf } from '../acts/shared-of.ts'
import type { CacheInstance } from '../collect.ts'
import { countWithin } from '../count-within.ts'
import { groupCaches } from '../group.ts'
import { CACHES, hitRatioSeries } from '../hit-ratios.ts'
import { holdersOfCache } from '../holders.ts'
import { originLoad } from '../origin-load.ts'
import { aboutWhere, describeWhere, Where } from '../where.ts'

const SAMPLE = 10

const Pace = z
  .strictObject({ perSecond: z.number().int().min(1).max(200).describe('entries removed a second') })
  .describe('left out: at once')

const Input = z
  .strictObject({ cache: Name, where: Where, pace: Pace.optional(), reason: Reason.optional() })
  .refine(({ where, pace }) => pace === undefined || where.by !== 'key', {
    path: ['pace'],
    message: 'is not for a single key, which is removed at once',
  })

export const invalidateCache = defineOperation({
  id: 'cache.invalidate',
  title: 'Invalidate cache entries',
  description:
    'Removes entries by key, pattern, tag, entity, user or workspace, or all of them, from Redis and from the memory of every process; values being made from older data are not stored. Undo restores what was removed from Redis, except where something newer is there. A cache of another library is invalidated by what that library can, without undo.',
  permission: 'cache:invalidate',
  targetKind: 'cache',
  input: Input,
  risk: ({ where }) => (where.by === 'key' ? 'one' : 'many'),
  reason: 'optional',
  // Doing it twice also removes what was written in between, which is the intent.
  resumable: true,
  // It takes as long as its pace says.
  durable: ({ pace }) => pace !== undefined,
  lines: ({ pace }) => (pace ? ['step', 'steps'] : ['process', 'processes']),
  target: ({ cache }) => ({ kind: 'cache', name: cache }),
  about: ({ where }) => aboutWhere(where),
  affects: ({ cache }) => [{ service: CACHES, series: hitRatioSeries(cache, 'any'), label: 'Hit ratio' }],

  async preview({ environment, settings }, { cache, where, pace }) {
    const holders = await holdersOfCache(environment, cache)
    const adopted = adoptedHolders(cache, holders)
    const { bytes, shared, ...affected } = await affectedBy(environment, holders, where)
    if (pace && !shared) throw unpaceable(cache)
    const [group] = groupCaches(holders)
    const load = await originLoad(environment, { cache, where, affected, ratio: group?.hitRatio.overall })
    const dependents = [...new Set(holders.map(holder => holder.service))]
    if (adopted) {
      const { warnings, ...draft } = previewOfAdopted(cache, adopted, where)
      return { ...draft, affected, warnings: [...load.words, ...warnings, ...warningsOf(holders)], dependents }
    }
    const summary = `${describeAffected(affected)} ${describeWhere(where)} will be removed from ${cache}, and from the memory of ${processes(holders.length)}.`
    if (pace) {
      const { words, takes, undoWords } = pacedPreview(affected, pace.perSecond)
      const action = `Invalidate ${describeAffected(affected)} in ${takes}`
      return {
        summary,
        action,
        affected,
        dependents,
        warnings: [words, ...warningsOf(holders)],
        undoWords,
        offers: ['pace'],
      }
    }
    const limit = settings.originLoadLimit
    const much = shared && (load.perSecond ?? 0) > limit
    return {
      summary,
      action: where.by === 'key' ? 'Invalidate the key' : `Invalidate ${describeAffected(affected)}`,
      affected,
      warnings: [
        ...load.words,
        ...(much ? [`That is over the limit of ${counted(limit, 'lookup')} a second: it can be paced instead.`] : []),
        ...warningsOf(holders),
      ],
      dependents,
      ...(much ? { offers: ['pace'] } : {}),
      ...undoPreview(shared, affected, bytes),
    }
  },

  async run({ environment }, { cache, where, pace }, control) {
    if (pace) return invalidatePaced(environment, { cache, where, ...pace }, control)
    const holders = await holdersOfCache(environment, cache)
    const adopted = adoptedHolders(cache, holders)
    if (adopted) return invalidateAdopted(environment, { cache, where }, adopted, control)
    const shared = await sharedOf(environment, holders)
    const keep = keepUnder(control.runId)
    // What an earlier worker had kept may be out of date by the time of this invalidation.
    if (control.resumed) await shared?.layer.discard(keep.name)
    const at = await shared?.layer.invalidate(exactTarget(where), keep)
    const [answers, swept] = await Promise.all([
      commandInvalidation(environment, { cache, where, epoch: at?.stamp.epoch }, holders, control),
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
      instanceNames(holders),
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

function warningsOf(holders: CacheInstance[]): string[] {
  const warnings: string[] = []
  const late = holders.filter(holder => holder.processState === 'late')
  if (late.length > 0) warnings.push(`${late.map(holder => holder.instance).join(', ')} may not answer in time.`)
  const degraded = holders.filter(holder => holder.degraded !== undefined)
  if (degraded.length > 0)
    warnings.push(`Degraded in ${degraded.map(holder => holder.instance).join(', ')}: ${degraded[0]?.degraded}.`)
  return warnings
}
