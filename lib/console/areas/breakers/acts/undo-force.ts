import { z } from 'zod'
import { isUnder, Override, type Scope } from '../../../../infrastructure/fleet/index.ts'
import { ledgerOf, outcomeOf } from '../../../fleet/process-answers.ts'
import { Commands } from '../../../fleet/resources.ts'
import type { OperationContext, RunControl, RunOutcome } from '../../../platform/operation/define.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { type BreakerScope, type Holder, holdersOf, idsOf, namesOf } from './target.ts'

const State = z.object({ override: Override, replaced: z.array(Override) })

/** Undoes a force: releases it, and restores the override that it had replaced, with the time that was left. */
export async function undoForce(
  { environment }: OperationContext,
  saved: unknown,
  control: RunControl,
): Promise<RunOutcome> {
  const { override, replaced } = State.parse(saved)
  const commander = environment.of(Commands)
  const { breaker } = override.args
  const inForce = await commander.overrides()
  if (!inForce.some(known => known.id === override.id))
    throw new RefusalError({
      code: 'conflict',
      message: 'That override is no longer in force: it ended, or another replaced it.',
    })
  const holders = await holdersOf(environment, breaker, toBreakerScope(override.scope))
  const now = await commander.now()
  const previous = replaced.find(known => known.expiresAt === undefined || known.expiresAt > now)
  // Processes released since, or under a newer override, have nothing to undo. Their own reports may be two seconds old.
  const holding = ({ process }: Holder) =>
    inForce.find(known => known.args.breaker === breaker && isUnder(known, process))?.id === override.id
  const meant = previous ? holders : holders.filter(holding)
  const names = namesOf(meant)
  const common = {
    id: control.runId,
    scope: override.scope,
    issuedBy: control.actor.name,
    expected: idsOf(meant),
    signal: control.signal,
    onAnswer: ledgerOf(names, control),
  }
  const answers = previous
    ? await commander.issue({
        ...common,
        verb: 'breaker.force',
        args: previous.args,
        overrides: { set: [previous], remove: [override.id] },
      })
    : await commander.issue({
        ...common,
        verb: 'breaker.release',
        args: { breaker, override: override.id },
        overrides: { remove: [override.id] },
      })
  return outcomeOf(`${previous ? 'Restored the earlier override of' : 'Released'} ${breaker}`, answers, names)
}

function toBreakerScope(scope: Scope): BreakerScope {
  if ('all' in scope) return { kind: 'fleet' }
  if ('service' in scope) return { kind: 'service', service: scope.service }
  return { kind: 'process', process: scope.processes[0] ?? '' }
}
