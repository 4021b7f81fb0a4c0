import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { beginOverride, lastingWords, Minutes, undoable, undoWindow } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, inProcesses, warnReplaced, warnUnable } from '../../../fleet/holders.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { breakerFigures } from '../acts/affected-series.ts'
import { cutOff } from '../acts/cut-off.ts'
import { breakerHolders, warnUnsupported } from '../acts/target.ts'

const VERB = {
  open: (breaker: string) => `Forced open ${breaker}`,
  closed: (breaker: string) => `Forced closed ${breaker}`,
  shadow: (breaker: string) => `Put ${breaker} into shadow`,
} as const
/** What an adopted breaker may be unable to do. */
const UNSUPPORTED = { open: undefined, closed: 'force-closed', shadow: 'shadow' } as const
const ACTION = { open: 'Force open', closed: 'Force closed', shadow: 'Shadow' } as const

const Input = z.strictObject({
  breaker: Name,
  scope: ActScope,
  state: z
    .enum(['open', 'closed', 'shadow'])
    .describe('open: no call passes; closed: every call passes; shadow: every call passes, the breaker only computes'),
  reason: Reason,
  minutes: Minutes,
})

export const forceBreaker = defineOperation({
  id: 'breaker.force',
  title: 'Force a breaker',
  description:
    'Holds a breaker open, closed or in shadow, whatever the result of its calls, until it is released or the time is over.',
  permission: 'breaker:force',
  targetKind: 'breaker',
  place: 'breakers?act=breaker.force',
  input: Input,
  risk: riskOfScope,
  reason: 'required',
  lines: ['process', 'processes'],
  target: ({ breaker }) => ({ kind: 'breaker', name: breaker }),

  async preview({ environment }, { breaker, scope, state, minutes }) {
    const holders = await breakerHolders(environment, breaker, scope)
    const failing = holders.filter(holder => holder.breaker.computed.state !== 'closed')
    // A single process is named; those of a scope are counted.
    const where = scope.kind === 'process' ? `in ${holders[0]?.process.instance}` : inProcesses(holders.length)
    const warnings = [
      ...warnUnable(holders, 'breaker.force'),
      ...warnUnsupported(holders, UNSUPPORTED[state]),
      ...warnReplaced(
        'forced',
        holders.map(({ breaker }) => breaker.forced),
      ),
    ]
    if (state === 'closed' && failing.length > 0)
      warnings.push(
        `Calls are failing ${inProcesses(failing.length)}; forced closed, they will still be sent to the failing dependency.`,
      )
    if (state === 'open') warnings.push(...cutOff(holders))
    return {
      summary: `${breaker} will be held ${state === 'shadow' ? 'in shadow' : state} ${where} ${lastingWords(minutes, 'until it is released')}${scope.kind === 'process' ? '' : `, and in processes that start in that time`}.`,
      action: `${ACTION[state]} ${where}`,
      affected: affectedBy(holders),
      warnings,
      dependents: dependentsOf(holders),
      undo: { windowMs: undoWindow(minutes) },
    }
  },

  async run({ environment }, { breaker, scope, state, reason, minutes }, control) {
    const holders = await breakerHolders(environment, breaker, scope)
    const args = { breaker, state }
    return beginOverride(
      environment,
      { verb: 'breaker.force', scope, args, reason, minutes, holders, did: VERB[state](breaker) },
      control,
    )
  },

  recover: (context, { breaker, state }, control) => outcomeFromAnswers(context, control, VERB[state](breaker)),
  affects: breakerFigures,
  ...undoable('breaker.force', breakerHolders),
})
