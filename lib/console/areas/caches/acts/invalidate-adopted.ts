import { newId } from '../../../../core/ids.ts'
import { exactTarget } from '../../../../infrastructure/cache/index.ts'
import type { ProcessAnswer } from '../../../fleet/commander.ts'
import { ledgerOf, outcomeOf } from '../../../fleet/process-answers.ts'
import { Commands } from '../../../fleet/resources.ts'
import { processes } from '../../../platform/counted.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import type { RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import type { CacheInstance } from '../collect.ts'
import { aboutWhere, describeWhere, type Where } from '../where.ts'

type Adoption = NonNullable<CacheInstance['adopted']>
export type AdoptedHolder = CacheInstance & { adopted: Adoption }

/** A process may have to go through all keys of a store. */
const SCAN_WAIT_MS = 60_000
/** How many processes are asked to do what one does for all, before it counts as failed. */
const ASKED_FOR_ALL = 2

/** The processes of a cache that is of another library; undefined for one of this library. Refuses a mix of both. */
export function adoptedHolders(cache: string, holders: readonly CacheInstance[]): AdoptedHolder[] | undefined {
  const adopted = holders.filter((holder): holder is AdoptedHolder => holder.adopted !== undefined)
  if (adopted.length === 0) return undefined
  if (adopted.length === holders.length) return adopted
  const [foreign] = adopted
  throw new RefusalError({
    code: 'conflict',
    message: `${cache} is a cache of ${foreign?.adopted.kind} in ${foreign?.instance}, and one of this library in other processes. Nothing was done.`,
    fields: { cache: 'has a different kind in different processes' },
    nextStep: 'Give one of them another name.',
  })
}

/** Refuses what one of its processes cannot do, with what it can. */
export function refuseImpossible(cache: string, holders: readonly AdoptedHolder[], where: Where): void {
  const unable = holders.find(({ adopted }) => !adopted.can.some(({ by }) => by === where.by))
  if (!unable) return
  const { kind, can, cannot } = unable.adopted
  const why = cannot.find(({ by }) => by === where.by)?.why ?? `${kind} knows no entities, workspaces or users.`
  throw new RefusalError({
    code: 'invalid',
    message: `${cache} cannot be invalidated by ${where.by === 'all' ? 'removing all of it' : where.by}. ${why}`,
    fields: { where: 'is not possible for this cache' },
    nextStep: can.length === 0 ? 'Invalidate it in its service.' : `Possible: ${waysOf(can)}.`,
  })
}

const WAYS = { key: 'by key', pattern: 'by pattern', tag: 'by tag', all: 'all of it' } as const
const waysOf = (can: Adoption['can']) => can.map(({ by }) => WAYS[by]).join(', ')

/** What a preview says of an adopted cache: who will do it, how exact it is, and that nothing is kept for an undo. */
export function previewOfAdopted(cache: string, holders: readonly AdoptedHolder[], where: Where) {
  refuseImpossible(cache, holders, where)
  const { kind } = (holders[0] as AdoptedHolder).adopted
  const ability = abilityOf(holders, where)
  const others = holders.length - 1
  const who = ability.once
    ? `by one process, which does it for all${others === 0 ? '' : `; the memory of ${processes(others)} besides is purged`}`
    : others === 0
      ? 'by its one process'
      : `by each of ${processes(holders.length)}`
  const meant =
    where.by === 'all' ? 'Every entry' : `${where.by === 'key' ? 'The' : 'Every'} entry ${describeWhere(where)}`
  return {
    summary: `${meant} will be removed from ${cache} (${kind}), ${who}.`,
    action: where.by === 'key' ? 'Invalidate the key' : `Invalidate ${aboutWhere(where)}`,
    warnings: [
      ...(ability.exact ? [] : ['Not exact: some of it may still be served after this.']),
      ...(ability.note === undefined ? [] : [ability.note]),
      `A value that is being made now may be stored afterwards: ${kind} cannot be told to discard it.`,
    ],
    undoWords: `not possible: ${kind} keeps nothing of what it removes`,
  }
}

function abilityOf(holders: readonly AdoptedHolder[], where: Where) {
  const abilities = holders.flatMap(({ adopted }) => adopted.can.filter(({ by }) => by === where.by))
  return {
    exact: abilities.every(({ exact }) => exact),
    once: abilities.every(({ once }) => once === true),
    note: abilities.find(({ note }) => note !== undefined)?.note,
  }
}

/**
 * Invalidates it in each process. What one process can do for all is done by one, and then the others purge their memory: the shared store
 * first, or they would fill from it again.
 */
export async function invalidateAdopted(
  environment: ConsoleEnvironment,
  { cache, where }: { cache: string; where: Where },
  holders: readonly AdoptedHolder[],
  control: RunControl,
): Promise<RunOutcome> {
  refuseImpossible(cache, holders, where)
  const names = new Map(holders.map(({ process, instance }) => [process, instance]))
  const onAnswer = ledgerOf(names, control)
  const ask = (asked: readonly AdoptedHolder[], memoryOnly: boolean) => {
    const ids = asked.map(({ process }) => process)
    return environment.of(Commands).issue({
      id: newId(),
      verb: 'cache.invalidate',
      scope: { processes: ids },
      args: { cache, where: exactTarget(where), ...(memoryOnly ? { memoryOnly } : {}) },
      issuedBy: control.actor.name,
      expected: ids,
      signal: control.signal,
      onAnswer,
      ...(memoryOnly || where.by === 'key' ? {} : { waitMs: SCAN_WAIT_MS }),
    })
  }
  const did = `Invalidated ${aboutWhere(where)} ${where.by === 'all' ? 'of' : 'in'} ${cache}`
  if (!abilityOf(holders, where).once) return outcomeOf(did, await ask(holders, false), names)

  const answers: ProcessAnswer[] = []
  for (const holder of holders.slice(0, ASKED_FOR_ALL)) {
    answers.push(...(await ask([holder], false)))
    if (answers.at(-1)?.status === 'applied' || control.signal.aborted) break
  }
  const rest = holders.slice(answers.length)
  if (answers.at(-1)?.status === 'applied') {
    if (rest.length > 0) answers.push(...(await ask(rest, true)))
    return outcomeOf(did, answers, names)
  }
  const outcome = outcomeOf(did, answers, names)
  const left = rest.length === 0 ? '' : ` The memory of ${processes(rest.length)} besides was left as it is.`
  return { ...outcome, summary: `${outcome.summary} Its store was not invalidated.${left}` }
}
