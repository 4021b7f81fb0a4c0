import { z } from 'zod'
import { endingFields, endingOperation } from '../../../fleet/ending-operation.ts'
import { ruleWords } from '../../../fleet/rule-words.ts'
import { Name } from '../../../platform/operation/input.ts'
import { breakerFigures } from '../acts/affected-series.ts'
import { breakerHolders } from '../acts/target.ts'

export const restoreBreakerPolicy = endingOperation({
  id: 'breaker.restore-policy',
  title: "Restore a breaker's policy",
  description: 'Puts the declared thresholds, wait and time limit in force again.',
  permission: 'breaker:change',
  targetKind: 'breaker',
  place: 'breakers?act=breaker.restore-policy',
  input: z.strictObject({ breaker: Name, ...endingFields }),
  ends: 'breaker.change-policy',
  nameOf: ({ breaker }) => breaker,
  holders: breakerHolders,
  isHeld: ({ breaker }) => breaker.policyOverride !== undefined,
  words(name, changed) {
    const declared = changed.map(({ breaker }) => breaker.policyOverride?.declared.policy).find(policy => policy)
    return {
      action: 'Restore the policy',
      again: `${name} has its declared policy again`,
      detail: declared && `: it ${ruleWords(declared)}`,
      did: `Restored the policy of ${name}`,
      nothing: {
        now: `The policy of ${name} is the declared one there`,
        later: 'processes that start later have it too',
        toDo: 'there is nothing to restore',
      },
    }
  },
  affects: breakerFigures,
})
