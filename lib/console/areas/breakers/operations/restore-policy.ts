import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { endOverride, overridesOn, underOverride } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, inProcesses } from '../../../fleet/holders.ts'
import { ruleWords } from '../../../fleet/rule-words.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { breakerFigures } from '../acts/affected-series.ts'
import { breakerHolders } from '../acts/target.ts'

const Input = z.strictObject({ breaker: Name, scope: ActScope, reason: Reason.optional() })

async function changedIn(environment: ConsoleEnvironment, { breaker, scope }: z.infer<typeof Input>) {
  const [holders, overrides] = await Promise.all([
    breakerHolders(environment, breaker, scope),
    overridesOn(environment, ['breaker.change-policy'], breaker),
  ])
  return { holders, changed: underOverride(holders, overrides, holder => holder.breaker.policyOverride !== undefined) }
}

export const restoreBreakerPolicy = defineOperation({
  id: 'breaker.restore-policy',
  title: "Restore a breaker's policy",
  description: 'Puts the declared thresholds, wait and time limit in force again.',
  permission: 'breaker:change',
  targetKind: 'breaker',
  place: 'breakers?act=breaker.restore-policy',
  input: Input,
  risk: riskOfScope,
  reason: 'optional',
  lines: ['process', 'processes'],
  target: ({ breaker }) => ({ kind: 'breaker', name: breaker }),

  async preview({ environment }, input) {
    const { holders, changed } = await changedIn(environment, input)
    const declared = changed.map(({ breaker }) => breaker.policyOverride?.declared.policy).find(policy => policy)
    return {
      summary:
        changed.length === 0
          ? `The policy of ${input.breaker} is the declared one there; processes that start later have it too.`
          : `${input.breaker} has its declared policy again ${inProcesses(changed.length)}${declared ? `: it ${ruleWords(declared)}` : ''}.`,
      action: `Restore the policy ${inProcesses(changed.length)}`,
      affected: affectedBy(changed),
      warnings: [],
      dependents: dependentsOf(holders),
    }
  },

  async run({ environment }, input, control) {
    const { breaker, scope } = input
    const { holders, changed } = await changedIn(environment, input)
    return endOverride(
      environment,
      {
        verb: 'breaker.change-policy',
        scope,
        name: breaker,
        under: changed,
        holders,
        did: `Restored the policy of ${breaker}`,
        nothing: `The policy of ${breaker} is the declared one there; there is nothing to restore.`,
      },
      control,
    )
  },

  affects: breakerFigures,
  recover: (context, { breaker }, control) =>
    outcomeFromAnswers(context, control, `Restored the policy of ${breaker}`, breaker),
})
