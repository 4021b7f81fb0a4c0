import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { endOverride, overridesOn, underOverride } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, inProcesses } from '../../../fleet/holders.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { cacheHolders } from '../acts/cache-holders.ts'

const Input = z.strictObject({ cache: Name, scope: ActScope, reason: Reason.optional() })

async function switchedIn(environment: ConsoleEnvironment, { cache, scope }: z.infer<typeof Input>) {
  const [holders, overrides] = await Promise.all([
    cacheHolders(environment, cache, scope),
    overridesOn(environment, ['cache.switch'], cache),
  ])
  return { holders, switched: underOverride(holders, overrides, ({ item }) => item.switched !== undefined) }
}

export const switchCacheOn = defineOperation({
  id: 'cache.switch-on',
  title: 'Switch a cache on',
  description: 'Serves from it and stores in it again.',
  permission: 'cache:switch',
  targetKind: 'cache',
  input: Input,
  risk: riskOfScope,
  reason: 'optional',
  lines: ['process', 'processes'],
  target: ({ cache }) => ({ kind: 'cache', name: cache }),

  async preview({ environment }, input) {
    const { holders, switched } = await switchedIn(environment, input)
    return {
      summary:
        switched.length === 0
          ? `${input.cache} is on there; processes that start later will be too.`
          : `${input.cache} will be on again ${inProcesses(switched.length)}.`,
      action: `Switch on ${inProcesses(switched.length)}`,
      affected: affectedBy(switched),
      warnings: [],
      dependents: dependentsOf(holders),
    }
  },

  async run({ environment }, input, control) {
    const { cache, scope } = input
    const { holders, switched } = await switchedIn(environment, input)
    return endOverride(
      environment,
      {
        verb: 'cache.switch',
        scope,
        name: cache,
        under: switched,
        holders,
        did: `Switched on ${cache}`,
        nothing: `${cache} is on there; there is nothing to end.`,
      },
      control,
    )
  },

  recover: (context, { cache }, control) => outcomeFromAnswers(context, control, `Switched on ${cache}`, cache),
})
