import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { beginOverride, lastingWords, Minutes, undoable, undoWindow } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, inProcesses, warnUnable } from '../../../fleet/holders.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { breakersOfAll, dependentHolders } from '../dependents.ts'

const Input = z.strictObject({ queue: Name, scope: ActScope, reason: Reason, minutes: Minutes })

export const ignoreDependencies = defineOperation({
  id: 'worker.ignore-dependencies',
  title: 'Work on despite open breakers',
  description: 'Lets the workers of a queue take jobs although a breaker is open on which they depend, until a time.',
  permission: 'queue:resume',
  targetKind: 'queue',
  input: Input,
  risk: riskOfScope,
  reason: 'required',
  lines: ['process', 'processes'],
  target: ({ queue }) => ({ kind: 'queue', name: queue }),

  async preview({ environment }, { queue, scope, minutes }) {
    const holders = await dependentHolders(environment, queue, scope)
    const held = holders.filter(({ item }) => item.heldBy)
    return {
      summary: `Workers of ${queue} take jobs whatever ${breakersOfAll(holders)} says, ${inProcesses(holders.length)} ${lastingWords(minutes, 'until that is ended')}.`,
      action: `Work on ${inProcesses(holders.length)}`,
      affected: affectedBy(holders),
      warnings: [
        ...warnUnable(holders, 'worker.ignore-dependencies'),
        held.length > 0
          ? `They are held back ${inProcesses(held.length)}. Jobs whose call the breaker rejects will fail and spend an attempt.`
          : 'None is held back now.',
      ],
      dependents: dependentsOf(holders),
      undo: { windowMs: undoWindow(minutes) },
    }
  },

  async run({ environment }, { queue, scope, reason, minutes }, control) {
    const holders = await dependentHolders(environment, queue, scope)
    const did = `Let workers of ${queue} work on`
    return beginOverride(
      environment,
      { verb: 'worker.ignore-dependencies', scope, args: { queue }, reason, minutes, holders, did },
      control,
    )
  },

  recover: (context, { queue }, control) => outcomeFromAnswers(context, control, `Let workers of ${queue} work on`),
  ...undoable('worker.ignore-dependencies', dependentHolders),
})
