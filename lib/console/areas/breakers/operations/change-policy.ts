import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { beginOverride, lastingWords, Minutes, undoable, undoWindow } from '../../../fleet/hold.ts'
import { affectedBy, dependentsOf, inProcesses, warnReplaced, warnUnable } from '../../../fleet/holders.ts'
import { changeWords } from '../../../fleet/rule-words.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { breakerFigures } from '../acts/affected-series.ts'
import { breakerHolders, warnUnsupported } from '../acts/target.ts'
import { Rule } from '../rule.ts'
import { openingsUnder } from '../what-if.ts'

const Input = z
  .strictObject({
    breaker: Name,
    scope: ActScope,
    policy: Rule.optional().describe('when it opens; left out: as declared'),
    halfOpenAfterMs: z
      .number()
      .int()
      .min(0)
      .max(86_400_000)
      .optional()
      .describe('how long it stays open before a probe (ms); left out: as declared'),
    timeoutMs: z
      .number()
      .int()
      .min(1)
      .max(86_400_000)
      .optional()
      .describe('how long a call may take (ms); left out: as declared'),
    reason: Reason,
    minutes: Minutes,
  })
  .refine(input => input.policy ?? input.halfOpenAfterMs ?? input.timeoutMs, {
    message: 'say what is to change: when it opens, how long it stays open, or how long a call may take',
    path: ['policy'],
  })

export const changeBreakerPolicy = defineOperation({
  id: 'breaker.change-policy',
  title: "Change a breaker's policy",
  description:
    'Puts other thresholds, another wait or another time limit in force until restored or the time is over. Its state stays; counting starts again.',
  permission: 'breaker:change',
  targetKind: 'breaker',
  place: 'breakers?act=breaker.change-policy',
  input: Input,
  risk: riskOfScope,
  reason: 'required',
  lines: ['process', 'processes'],
  target: ({ breaker }) => ({ kind: 'breaker', name: breaker }),

  async preview({ environment }, { breaker, scope, policy, halfOpenAfterMs, timeoutMs, minutes }) {
    const holders = await breakerHolders(environment, breaker, scope)
    const untimed = timeoutMs === undefined ? [] : holders.filter(holder => holder.breaker.timeoutMs === undefined)
    const openings = policy ? await openingsUnder(environment, breaker, scope, policy) : undefined
    return {
      summary: `${breaker} ${changeWords({ policy, halfOpenAfterMs, timeoutMs })}, ${inProcesses(holders.length)} ${lastingWords(minutes, 'until it is restored')}${scope.kind === 'process' ? '' : ', and in processes that start in that time'}.${openings?.times === 0 ? ` ${openings.words}` : ''}`,
      action: `Change the policy ${inProcesses(holders.length)}`,
      affected: affectedBy(holders),
      warnings: [
        ...warnUnable(holders, 'breaker.change-policy'),
        ...warnUnsupported(holders, 'change-policy'),
        ...(openings && openings.times > 0 ? [openings.words] : []),
        ...warnReplaced(
          'changed',
          holders.map(holder => holder.breaker.policyOverride),
        ),
        ...(untimed.length > 0 ? [`Calls had no time limit ${inProcesses(untimed.length)}; they get one.`] : []),
      ],
      dependents: dependentsOf(holders),
      undo: { windowMs: undoWindow(minutes) },
    }
  },

  async run({ environment }, { breaker, scope, policy, halfOpenAfterMs, timeoutMs, reason, minutes }, control) {
    const holders = await breakerHolders(environment, breaker, scope)
    const args = { breaker, policy, halfOpenAfterMs, timeoutMs }
    const did = `Changed the policy of ${breaker}`
    return beginOverride(
      environment,
      { verb: 'breaker.change-policy', scope, args, reason, minutes, holders, did },
      control,
    )
  },

  recover: (context, { breaker }, control) => outcomeFromAnswers(context, control, `Changed the policy of ${breaker}`),
  affects: breakerFigures,
  ...undoable('breaker.change-policy', breakerHolders),
})
