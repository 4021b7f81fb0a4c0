import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { endOverride, overridesOn, underOverride } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, inProcesses } from '../../../fleet/holders.ts'
import type { ConsoleEnvironment } from '../../../platform/environment/port.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { breakersOfAll, dependentHolders } from '../dependents.ts'

const Input = z.strictObject({ queue: Name, scope: ActScope, reason: Reason.optional() })

async function ignoringIn(environment: ConsoleEnvironment, { queue, scope }: z.infer<typeof Input>) {
  const [holders, overrides] = await Promise.all([
    dependentHolders(environment, queue, scope),
    overridesOn(environment, ['worker.ignore-dependencies'], queue),
  ])
  return { holders, ignoring: underOverride(holders, overrides, ({ item }) => item.ignoring !== undefined) }
}

export const mindDependencies = defineOperation({
  id: 'worker.mind-dependencies',
  title: 'Hold jobs back again',
  description: 'The workers of a queue take no jobs again while a breaker is open on which they depend.',
  permission: 'queue:resume',
  targetKind: 'queue',
  input: Input,
  risk: riskOfScope,
  reason: 'optional',
  lines: ['process', 'processes'],
  target: ({ queue }) => ({ kind: 'queue', name: queue }),

  async preview({ environment }, input) {
    const { holders, ignoring } = await ignoringIn(environment, input)
    return {
      summary:
        ignoring.length === 0
          ? `Workers of ${input.queue} depend on ${breakersOfAll(holders)} as declared; nothing changes.`
          : `Workers of ${input.queue} wait for ${breakersOfAll(holders)} again ${inProcesses(ignoring.length)}.`,
      action: `Hold back ${inProcesses(ignoring.length)}`,
      affected: affectedBy(ignoring),
      warnings: [],
      dependents: dependentsOf(holders),
    }
  },

  async run({ environment }, input, control) {
    const { queue, scope } = input
    const { holders, ignoring } = await ignoringIn(environment, input)
    return endOverride(
      environment,
      {
        verb: 'worker.ignore-dependencies',
        scope,
        name: queue,
        under: ignoring,
        holders,
        did: `Workers of ${queue} wait for their breakers again`,
        nothing: `Workers of ${queue} depend on their breakers as declared; there is nothing to end.`,
      },
      control,
    )
  },

  recover: (context, { queue }, control) =>
    outcomeFromAnswers(context, control, `Workers of ${queue} wait for their breakers again`, queue),
})
