import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { endOverride, overridesOn, underOverride } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, inProcesses } from '../../../fleet/holders.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { breakerFigures } from '../acts/affected-series.ts'
import { breakerHolders } from '../acts/target.ts'

const Input = z.strictObject({ breaker: Name, scope: ActScope, reason: Reason.optional() })

async function forcedIn(environment: ConsoleEnvironment, { breaker, scope }: z.infer<typeof Input>) {
  const [holders, overrides] = await Promise.all([
    breakerHolders(environment, breaker, scope),
    overridesOn(environment, ['breaker.force'], breaker),
  ])
  return { holders, forced: underOverride(holders, overrides, holder => holder.breaker.forced !== undefined) }
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

  async preview({ environment }, input) {
    const { breaker } = input
    const { holders, forced } = await forcedIn(environment, input)
    const opening = forced.filter(holder => holder.breaker.computed.state === 'open')
    return {
      summary:
        forced.length === 0
          ? `${breaker} is not forced there; processes that start later will not be either.`
          : `${breaker} returns to its computed state ${inProcesses(forced.length)}.`,
      action: `Release ${inProcesses(forced.length)}`,
      affected: affectedBy(forced),
      warnings: opening.length > 0 ? [`Its computed state is open ${inProcesses(opening.length)}.`] : [],
      dependents: dependentsOf(holders),
    }
  },

  async run({ environment }, input, control) {
    const { breaker, scope } = input
    const { holders, forced } = await forcedIn(environment, input)
    return endOverride(
      environment,
      {
        verb: 'breaker.force',
        scope,
        name: breaker,
        under: forced,
        holders,
        did: `Released ${breaker}`,
        nothing: `${breaker} is not forced there; there is nothing to release.`,
      },
      control,
    )
  },

  affects: breakerFigures,
  recover: (context, { breaker }, control) => outcomeFromAnswers(context, control, `Released ${breaker}`, breaker),
})
