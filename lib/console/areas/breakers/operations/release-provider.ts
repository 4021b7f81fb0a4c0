import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { endOverride, overridesOn, underOverride } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, holdersOf, inProcesses } from '../../../fleet/holders.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { PROVIDERS } from '../policy-item.ts'

const Input = z.strictObject({ set: Name, scope: ActScope, reason: Reason.optional() })

async function forcedIn(environment: ConsoleEnvironment, { set, scope }: z.infer<typeof Input>) {
  const [holders, overrides] = await Promise.all([
    holdersOf(environment, PROVIDERS, set, scope),
    overridesOn(environment, ['provider.force'], set),
  ])
  return { holders, forced: underOverride(holders, overrides, ({ item }) => item.forced !== undefined) }
}

export const releaseProvider = defineOperation({
  id: 'provider.release',
  title: 'Release a provider',
  description: 'Ends a forced provider: the first one that takes the call serves again.',
  permission: 'provider:force',
  targetKind: 'provider set',
  place: 'breakers/limits?act=provider.release',
  input: Input,
  risk: riskOfScope,
  reason: 'optional',
  lines: ['process', 'processes'],
  target: ({ set }) => ({ kind: 'provider set', name: set }),

  async preview({ environment }, input) {
    const { holders, forced } = await forcedIn(environment, input)
    const order = holders[0]?.item.providers.map(({ name }) => name).join(', ')
    return {
      summary:
        forced.length === 0
          ? `${input.set} is not forced there; processes that start later will not be either.`
          : `${input.set} follows its order again ${inProcesses(forced.length)}: ${order}.`,
      action: `Release ${inProcesses(forced.length)}`,
      affected: affectedBy(forced),
      warnings: [],
      dependents: dependentsOf(holders),
    }
  },

  async run({ environment }, input, control) {
    const { set, scope } = input
    const { holders, forced } = await forcedIn(environment, input)
    return endOverride(
      environment,
      {
        verb: 'provider.force',
        scope,
        name: set,
        under: forced,
        holders,
        did: `Released ${set}`,
        nothing: `${set} is not forced there; there is nothing to release.`,
      },
      control,
    )
  },

  recover: (context, { set }, control) => outcomeFromAnswers(context, control, `Released ${set}`, set),
})
