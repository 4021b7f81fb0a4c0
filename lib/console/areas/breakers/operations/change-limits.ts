import { z } from 'zod'
import { ActScope, riskOfScope } from '../../../fleet/act-scope.ts'
import { outcomeFromAnswers } from '../../../fleet/collect-answers.ts'
import { beginOverride, lastingWords, Minutes, undoable, undoWindow } from '../../../fleet/hold.ts'
import {
  affectedBy,
  dependentsOf,
  type Holder,
  holdersOf,
  inProcesses,
  warnReplaced,
  warnUnable,
} from '../../../fleet/holders.ts'
import { limitWords } from '../../../fleet/rule-words.ts'
import { defineOperation } from '../../../platform/operation/define.ts'
import { Name, Reason } from '../../../platform/operation/input.ts'
import { RefusalError } from '../../../platform/refusal.ts'
import { POLICIES, type PolicyItem } from '../policy-item.ts'

const Limit = z.number().int().max(1_000_000).optional()
const Limits = z.strictObject({
  bulkhead: z
    .strictObject({
      maxConcurrent: Limit.pipe(z.number().min(1).optional()).describe('calls at the same time'),
      maxQueued: Limit.pipe(z.number().min(0).optional()).describe('calls that may wait'),
    })
    .optional(),
  rateLimit: z
    .strictObject({
      calls: Limit.pipe(z.number().min(1).optional()).describe('calls in its period'),
      burst: Limit.pipe(z.number().min(0).optional()).describe('calls beyond it in ten periods'),
    })
    .optional(),
  retryBudget: z
    .strictObject({ ratio: z.number().min(0).max(10).describe('retries for each call: 0.2 is one for five calls') })
    .optional(),
})

const Input = z
  .strictObject({ policy: Name, scope: ActScope, limits: Limits, reason: Reason, minutes: Minutes })
  .refine(
    ({ limits }) => Object.values(limits).some(part => part && Object.values(part).some(value => value !== undefined)),
    {
      message: 'say which limit is to change',
      path: ['limits'],
    },
  )

const PART_WORDS = { bulkhead: 'bulkhead', rateLimit: 'rate limit', retryBudget: 'retry budget' } as const
type PartName = keyof typeof PART_WORDS

const has = (item: PolicyItem, part: PartName) =>
  (part === 'retryBudget' ? item.retry?.budget : item[part]) !== undefined

/** Refuses what no process could do; processes that could not are named in a warning. */
function lacking(holders: readonly Holder<PolicyItem>[], limits: z.infer<typeof Limits>): string[] {
  const parts = (Object.keys(limits) as PartName[]).filter(part => limits[part] !== undefined)
  return parts.flatMap(part => {
    const without = holders.filter(({ item }) => !has(item, part))
    if (without.length === 0) return []
    if (without.length === holders.length)
      throw new RefusalError({
        code: 'invalid',
        message: `${holders[0]?.item.name} has no ${PART_WORDS[part]}: one must be declared in code before its limit can be changed.`,
        fields: { [`limits.${part}`]: 'not declared' },
      })
    return [`It has no ${PART_WORDS[part]} ${inProcesses(without.length)}, which will refuse.`]
  })
}

export const changeLimits = defineOperation({
  id: 'policy.change-limits',
  title: 'Change limits',
  description:
    'Sets the places of a bulkhead, the calls of a rate limit or the share of retries until restored or the time is over. What is not named is as declared.',
  permission: 'limit:change',
  targetKind: 'policy',
  place: 'breakers/limits?act=policy.change-limits',
  input: Input,
  risk: riskOfScope,
  reason: 'required',
  lines: ['process', 'processes'],
  target: ({ policy }) => ({ kind: 'policy', name: policy }),

  async preview({ environment }, { policy, scope, limits, minutes }) {
    const holders = await holdersOf(environment, POLICIES, policy, scope)
    const missing = lacking(holders, limits)
    const places = limits.bulkhead?.maxConcurrent
    const running = places === undefined ? [] : holders.filter(({ item }) => (item.bulkhead?.active ?? 0) > places)
    return {
      summary: `${policy}: ${limitWords(limits)}, ${inProcesses(holders.length)} ${lastingWords(minutes, 'until it is restored')}.`,
      action: `Change limits ${inProcesses(holders.length)}`,
      affected: affectedBy(holders),
      warnings: [
        ...warnUnable(holders, 'policy.change-limits'),
        ...missing,
        ...(running.length > 0
          ? [`More calls than that run now ${inProcesses(running.length)}; they end on their own, new ones wait.`]
          : []),
        ...warnReplaced(
          'changed',
          holders.map(({ item }) => item.override),
        ),
      ],
      dependents: dependentsOf(holders),
      undo: { windowMs: undoWindow(minutes) },
    }
  },

  async run({ environment }, { policy, scope, limits, reason, minutes }, control) {
    const holders = await holdersOf(environment, POLICIES, policy, scope)
    lacking(holders, limits)
    const args = { policy, limits }
    const did = `Changed the limits of ${policy}`
    return beginOverride(
      environment,
      { verb: 'policy.change-limits', scope, args, reason, minutes, holders, did },
      control,
    )
  },

  recover: (context, { policy }, control) => outcomeFromAnswers(context, control, `Changed the limits of ${policy}`),
  ...undoable('policy.change-limits', (environment, name, scope) => holdersOf(environment, POLICIES, name, scope)),
})
