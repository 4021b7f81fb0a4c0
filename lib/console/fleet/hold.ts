import { z } from 'zod'
import {
  type CommandArguments,
  heldBy,
  isUnder,
  LASTING,
  type LastingVerb,
  limits,
  Override,
  type OverrideOf,
} from '../../infrastructure/fleet/index.ts'
import { counted } from '../platform/counted.ts'
import type { ConsoleEnvironment } from '../platform/environment/port.ts'
import type { LaterAct, OperationContext, RunControl, RunOutcome } from '../platform/operation/define.ts'
import { RefusalError } from '../platform/refusal.ts'
import { type ActScope, releaseFrom, toActScope, toFleetScope } from './act-scope.ts'
import { outcomeFromAnswers } from './collect-answers.ts'
import type { ProcessAnswer } from './commander.ts'
import { idsOf, namesOf, servicesOf } from './holders.ts'
import type { FleetProcess } from './port.ts'
import { ledgerOf, outcomeOf } from './process-answers.ts'
import { Commands } from './resources.ts'

const MINUTE = 60_000
/** How long undo is offered (ms); an override can be ended at any time after. */
const UNDO_WINDOW = 10 * MINUTE
/** The longest that an override may last. */
export const LONGEST_MINUTES = 7 * 24 * 60

/** How long an override lasts: a field of every act that begins one. */
export const Minutes = z
  .number()
  .int()
  .min(1)
  .max(LONGEST_MINUTES)
  .nullable()
  .default(60)
  .describe('ends automatically after this many minutes; null: until released')

/** An override that has ended on its own is not undone. */
export const undoWindow = (minutes: number | null) =>
  Math.min(UNDO_WINDOW, (minutes ?? Number.POSITIVE_INFINITY) * MINUTE)

/** How long an override lasts, in a summary: `for 10 minutes`, or `ended`, such as `until it is released`. */
export const lastingWords = (minutes: number | null, ended: string) =>
  minutes === null ? ended : `for ${counted(minutes, 'minute')}`

interface OnProcess {
  process: FleetProcess
}

/** The overrides in force of these verbs on what is called `name`, the newest first. */
export async function overridesOn<V extends LastingVerb>(
  environment: ConsoleEnvironment,
  verbs: readonly V[],
  name: string,
): Promise<OverrideOf<V>[]> {
  const list = await environment.of(Commands).overrides()
  return list.filter(
    (override): override is OverrideOf<V> =>
      (verbs as readonly string[]).includes(override.verb) && heldBy(override.verb, override.args) === name,
  )
}

/** Arguments of a lasting command, without what every one of them has. */
type OwnArguments<V extends LastingVerb> = Omit<CommandArguments[V], 'override' | 'reason' | 'expiresAt'>

interface Begin<V extends LastingVerb> {
  verb: V
  scope: ActScope
  args: OwnArguments<V>
  reason: string
  minutes: number | null
  holders: readonly OnProcess[]
  /** What was done, for the outcome: `Forced open payments`. */
  did: string
}

/** Puts an override in force: command and override in one transaction, in place of an older one of the same scope. */
export async function beginOverride<V extends LastingVerb>(
  environment: ConsoleEnvironment,
  { verb, scope, args: own, reason, minutes, holders, did }: Begin<V>,
  control: RunControl,
): Promise<RunOutcome> {
  const commander = environment.of(Commands)
  const now = await commander.now()
  const expiresAt = minutes === null ? undefined : now + minutes * MINUTE
  const args = { ...own, override: control.runId, reason, expiresAt } as CommandArguments[V]
  const override = Override.parse({
    v: limits.PROTOCOL_VERSION,
    id: control.runId,
    env: environment.name,
    verb,
    scope: toFleetScope(scope),
    args,
    issuedBy: control.actor.name,
    setAt: now,
    expiresAt,
  })
  // One override a scope: an older one would apply again in a process that starts later.
  const replaced = (await overridesOn(environment, [verb], heldBy(verb, args))).filter(
    known => JSON.stringify(known.scope) === JSON.stringify(override.scope),
  )
  const names = namesOf(holders)
  const answers = await commander.issue({
    id: control.runId,
    verb,
    scope: override.scope,
    args,
    issuedBy: control.actor.name,
    expected: idsOf(holders),
    overrides: { set: [override], remove: replaced.map(known => known.id) },
    signal: control.signal,
    onAnswer: ledgerOf(names, control),
  })
  return {
    ...outcomeOf(did, answers, names),
    undo: { state: { override, replaced }, windowMs: undoWindow(minutes) },
  }
}

interface End<V extends LastingVerb> {
  verb: V
  scope: ActScope
  name: string
  /** The processes that are under it, and all in scope. */
  under: readonly OnProcess[]
  holders: readonly OnProcess[]
  did: string
  /** Refused with this when nothing is in force. */
  nothing: string
}

/** Ends what is in force in a scope: overrides are removed, or narrowed where they reach further. */
export async function endOverride<V extends LastingVerb>(
  environment: ConsoleEnvironment,
  { verb, scope, name, under, holders, did, nothing }: End<V>,
  control: RunControl,
): Promise<RunOutcome> {
  const overrides = releaseFrom(await overridesOn(environment, [verb], name), scope, servicesOf(holders))
  if (under.length === 0 && overrides.set.length + overrides.remove.length === 0)
    throw new RefusalError({ code: 'conflict', message: nothing })
  const { endedBy, holds } = LASTING[verb]
  const names = namesOf(under)
  const answers = await environment.of(Commands).issue({
    id: control.runId,
    verb: endedBy,
    scope: toFleetScope(scope),
    args: { [holds]: name } as CommandArguments[typeof endedBy],
    issuedBy: control.actor.name,
    expected: idsOf(under),
    overrides,
    signal: control.signal,
    onAnswer: ledgerOf(names, control),
  })
  if (under.length === 0)
    return { status: 'succeeded', summary: `Ended the override of ${name}; no living process was under it.` }
  return outcomeOf(did, answers, names)
}

/** By their reports and by the overrides that apply to them: a process reports what it is under up to two seconds after it obeys. */
export function underOverride<Held extends OnProcess>(
  holders: readonly Held[],
  overrides: readonly Override[],
  reports: (holder: Held) => boolean,
): Held[] {
  return holders.filter(holder => reports(holder) || overrides.some(override => isUnder(override, holder.process)))
}

/** Whether a later act leaves nothing of an override to undo: it ended all there were, or began or ended one of the same scope. */
export function isOvertaken(
  verb: LastingVerb,
  { scope }: { scope: ActScope },
  { operation, input }: LaterAct,
): boolean {
  const other = (input as { scope?: ActScope }).scope
  const { endedBy } = LASTING[verb]
  if (operation === endedBy && other?.kind === 'fleet') return true
  return (operation === verb || operation === endedBy) && JSON.stringify(other) === JSON.stringify(scope)
}

const Saved = z.object({ override: Override, replaced: z.array(Override) })

/** The living processes in that scope that have what is called so. */
type FindHolders = (environment: ConsoleEnvironment, name: string, scope: ActScope) => Promise<readonly OnProcess[]>

/** How every act that begins an override is undone, and when there is nothing of it left to undo. */
export const undoable = (verb: LastingVerb, findHolders: FindHolders) => ({
  overtakenBy: (input: { scope: ActScope }, later: LaterAct) => isOvertaken(verb, input, later),
  undo: ({ environment }: OperationContext, saved: unknown, control: RunControl) =>
    undoOverride(environment, saved, findHolders, control),
  recoverUndo(context: OperationContext, saved: unknown, control: RunControl) {
    const { args } = Saved.parse(saved).override
    return outcomeFromAnswers(context, control, `Undid the act on ${heldBy(verb, args)}`)
  },
})

/** Undoes an override: ends it, and restores the one that it had replaced, with the time that was left. */
async function undoOverride(
  environment: ConsoleEnvironment,
  saved: unknown,
  findHolders: FindHolders,
  control: RunControl,
): Promise<RunOutcome> {
  const { override, replaced } = Saved.parse(saved)
  const { verb, args, scope } = override
  const name = heldBy(verb, args)
  const inForce = await overridesOn(environment, [verb], name)
  if (!inForce.some(known => known.id === override.id))
    throw new RefusalError({
      code: 'conflict',
      message: 'That override is no longer in force: it ended, or another replaced it.',
    })
  const holders = await findHolders(environment, name, toActScope(scope))
  const commander = environment.of(Commands)
  const now = await commander.now()
  const previous = replaced.find(known => known.expiresAt === undefined || known.expiresAt > now)
  // Processes released since, or under a newer override, have nothing to undo. Their own reports may be two seconds old.
  const holding = ({ process }: OnProcess) => inForce.find(known => isUnder(known, process))?.id === override.id
  const meant = previous ? holders : holders.filter(holding)
  const names = namesOf(meant)
  const common = {
    id: control.runId,
    scope,
    issuedBy: control.actor.name,
    expected: idsOf(meant),
    signal: control.signal,
    onAnswer: ledgerOf(names, control),
  }
  const { endedBy, holds } = LASTING[verb]
  const answers: ProcessAnswer[] = previous
    ? await commander.issue({
        ...common,
        verb: previous.verb,
        args: previous.args,
        overrides: { set: [previous], remove: [override.id] },
      })
    : await commander.issue({
        ...common,
        verb: endedBy,
        args: { [holds]: name, override: override.id } as CommandArguments[typeof endedBy],
        overrides: { remove: [override.id] },
      })
  return outcomeOf(`${previous ? 'Restored the earlier override of' : 'Released'} ${name}`, answers, names)
}
