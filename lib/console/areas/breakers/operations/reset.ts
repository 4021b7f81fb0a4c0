import { z } from 'zod'
import { ActScope, riskOfScope, toFleetScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { affectedBy, dependentsOf, idsOf, inProcesses, namesOf } from '../../../fleet/holders.ts'
import { ledgerOf, outcomeOf } from '../../../fleet/process-answers.ts'
import { Commands } from '../../../fleet/resources.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { breakerFigures } from '../acts/affected-series.ts'
import { breakerHolders } from '../acts/target.ts'

const Input = z.strictObject({ breaker: Name, scope: ActScope, reason: Reason.optional() })

export const resetBreaker = defineOperation({
  id: 'breaker.reset',
  title: 'Reset a breaker',
  description: 'Closes the computed state and clears the failures counted so far. A forced state stays.',
  permission: 'breaker:reset',
  targetKind: 'breaker',
  place: 'breakers?act=breaker.reset',
  input: Input,
  risk: riskOfScope,
  reason: 'optional',
  lines: ['process', 'processes'],
  target: ({ breaker }) => ({ kind: 'breaker', name: breaker }),

  async preview({ environment }, { breaker, scope }) {
    const holders = await breakerHolders(environment, breaker, scope)
    const open = holders.filter(holder => holder.breaker.computed.state !== 'closed')
    const forced = holders.filter(holder => holder.breaker.forced)
    return {
      summary: `${breaker} will be closed and start counting from zero ${inProcesses(holders.length)}; it is not closed now ${inProcesses(open.length)}.`,
      action: `Reset ${inProcesses(holders.length)}`,
      affected: affectedBy(holders),
      warnings: [
        ...(open.length > 0
          ? ['Calls are made again at once. If the dependency is still down, the breaker will open again.']
          : []),
        ...(forced.length > 0
          ? [`It stays forced ${inProcesses(forced.length)}: release it there to let calls decide.`]
          : []),
      ],
      dependents: dependentsOf(holders),
    }
  },

  async run({ environment }, { breaker, scope }, control) {
    const holders = await breakerHolders(environment, breaker, scope)
    const names = namesOf(holders)
    const answers = await environment.of(Commands).issue({
      id: control.runId,
      verb: 'breaker.reset',
      scope: toFleetScope(scope),
      args: { breaker },
      issuedBy: control.actor.name,
      expected: idsOf(holders),
      signal: control.signal,
      onAnswer: ledgerOf(names, control),
    })
    return outcomeOf(`Reset ${breaker}`, answers, names)
  },

  affects: breakerFigures,
  recover: (context, { breaker }, control) => outcomeFromAnswers(context, control, `Reset ${breaker}`),
})
