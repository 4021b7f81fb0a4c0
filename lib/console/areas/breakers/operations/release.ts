import { z } from 'zod'
import { isUnder, type Override } from '../../../../infrastructure/fleet/index.ts'
import { ledgerOf, outcomeOf } from '../../../fleet/process-answers.ts'
import { Commands } from '../../../fleet/resources.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { breakerFigures } from '../acts/affected-series.ts'
import { outcomeFromAnswers } from '../acts/collect-answers.ts'
import {
  affectedBy,
  BreakerScope,
  type Holder,
  holdersOf,
  idsOf,
  inProcesses,
  namesOf,
  releaseFrom,
  riskOfScope,
  servicesOf,
  toFleetScope,
} from '../acts/target.ts'

const Input = z.strictObject({ breaker: Name, scope: BreakerScope, reason: Reason.optional() })

/** By their reports and by the overrides that apply to them: a process reports a force up to two seconds after it obeys. */
function forcedOnly(holders: Holder[], overrides: Override[], breaker: string): Holder[] {
  const held = overrides.filter(override => override.args.breaker === breaker)
  return holders.filter(holder => holder.breaker.forced || held.some(override => isUnder(override, holder.process)))
}

export const releaseBreaker = defineOperation({
  id: 'breaker.release',
  title: 'Release a breaker',
  description: 'Ends a forced state: the breaker returns to the state computed from its calls.',
  permission: 'breaker:release',
  targetKind: 'breaker',
  place: 'breakers?act=breaker.release',
  input: Input,
  risk: riskOfScope,
  reason: 'optional',
  lines: ['process', 'processes'],
  target: ({ breaker }) => ({ kind: 'breaker', name: breaker }),

  async preview({ environment }, { breaker, scope }) {
    const holders = await holdersOf(environment, breaker, scope)
    const forced = forcedOnly(holders, await environment.of(Commands).overrides(), breaker)
    const opening = forced.filter(holder => holder.breaker.computed.state === 'open')
    return {
      summary:
        forced.length === 0
          ? `${breaker} is not forced there; processes that start later will not be either.`
          : `${breaker} returns to its computed state ${inProcesses(forced.length)}.`,
      action: `Release ${inProcesses(forced.length)}`,
      affected: affectedBy(forced),
      warnings: opening.length > 0 ? [`Its computed state is open ${inProcesses(opening.length)}.`] : [],
      dependents: [...new Set(holders.map(({ process }) => process.service))],
    }
  },

  async run({ environment }, { breaker, scope }, control) {
    const holders = await holdersOf(environment, breaker, scope)
    const commander = environment.of(Commands)
    const inForce = await commander.overrides()
    const forced = forcedOnly(holders, inForce, breaker)
    const overrides = releaseFrom(inForce, breaker, scope, servicesOf(holders))
    if (forced.length === 0 && overrides.set.length + overrides.remove.length === 0) {
      throw new RefusalError({
        code: 'conflict',
        message: `${breaker} is not forced there; there is nothing to release.`,
      })
    }
    const names = namesOf(forced)
    const answers = await commander.issue({
      id: control.runId,
      verb: 'breaker.release',
      scope: toFleetScope(scope),
      args: { breaker },
      issuedBy: control.actor.name,
      expected: idsOf(forced),
      overrides,
      signal: control.signal,
      onAnswer: ledgerOf(names, control),
    })
    if (forced.length === 0)
      return { status: 'succeeded', summary: `Ended the override of ${breaker}; no living process was under it.` }
    return outcomeOf(`Released ${breaker}`, answers, names)
  },

  affects: breakerFigures,
  recover: (context, { breaker }, control) => outcomeFromAnswers(context, control, `Released ${breaker}`, breaker),
})
