import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { endOverride, overridesOn, underOverride } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, holdersOf, inProcesses } from '../../../fleet/holders.ts'
import { limitWords } from '../../../fleet/rule-words.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { POLICIES } from '../policy-item.ts'

const Input = z.strictObject({ policy: Name, scope: ActScope, reason: Reason.optional() })

async function changedIn(environment: ConsoleEnvironment, { policy, scope }: z.infer<typeof Input>) {
  const [holders, overrides] = await Promise.all([
    holdersOf(environment, POLICIES, policy, scope),
    overridesOn(environment, ['policy.change-limits'], policy),
  ])
  return { holders, changed: underOverride(holders, overrides, ({ item }) => item.override !== undefined) }
}

export const restoreLimits = defineOperation({
  id: 'policy.restore-limits',
  title: 'Restore limits',
  description: 'Puts the declared limits in force again.',
  permission: 'limit:change',
  targetKind: 'policy',
  place: 'breakers/limits?act=policy.restore-limits',
  input: Input,
  risk: riskOfScope,
  reason: 'optional',
  lines: ['process', 'processes'],
  target: ({ policy }) => ({ kind: 'policy', name: policy }),

  async preview({ environment }, input) {
    const { holders, changed } = await changedIn(environment, input)
    const declared = changed.map(({ item }) => item.override?.declared).find(limits => limits)
    return {
      summary:
        changed.length === 0
          ? `The limits of ${input.policy} are the declared ones there; processes that start later have them too.`
          : `${input.policy} has its declared limits again ${inProcesses(changed.length)}${declared ? `: ${limitWords(declared)}` : ''}.`,
      action: `Restore limits ${inProcesses(changed.length)}`,
      affected: affectedBy(changed),
      warnings: [],
      dependents: dependentsOf(holders),
    }
  },

  async run({ environment }, input, control) {
    const { policy, scope } = input
    const { holders, changed } = await changedIn(environment, input)
    return endOverride(
      environment,
      {
        verb: 'policy.change-limits',
        scope,
        name: policy,
        under: changed,
        holders,
        did: `Restored the limits of ${policy}`,
        nothing: `The limits of ${policy} are the declared ones there; there is nothing to restore.`,
      },
      control,
    )
  },

  recover: (context, { policy }, control) =>
    outcomeFromAnswers(context, control, `Restored the limits of ${policy}`, policy),
})
