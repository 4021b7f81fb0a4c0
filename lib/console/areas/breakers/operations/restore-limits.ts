import { z } from 'zod'
import { endingFields, endingOperation } from '../../../fleet/ending-operation.ts'
import { holdersOf } from '../../../fleet/holders.ts'
import { limitWords } from '../../../fleet/rule-words.ts'
import { Name } from '../../../platform/operation/input.ts'
import { POLICIES } from '../policy-item.ts'

export const restoreLimits = endingOperation({
  id: 'policy.restore-limits',
  title: 'Restore limits',
  description: 'Puts the declared limits in force again.',
  permission: 'limit:change',
  targetKind: 'policy',
  place: 'breakers/limits?act=policy.restore-limits',
  input: z.strictObject({ policy: Name, ...endingFields }),
  ends: 'policy.change-limits',
  nameOf: ({ policy }) => policy,
  holders: (environment, policy, scope) => holdersOf(environment, POLICIES, policy, scope),
  isHeld: ({ item }) => item.override !== undefined,
  words(name, changed) {
    const declared = changed.map(({ item }) => item.override?.declared).find(limits => limits)
    return {
      action: 'Restore limits',
      again: `${name} has its declared limits again`,
      detail: declared && `: ${limitWords(declared)}`,
      did: `Restored the limits of ${name}`,
      nothing: {
        now: `The limits of ${name} are the declared ones there`,
        later: 'processes that start later have them too',
        toDo: 'there is nothing to restore',
      },
    }
  },
})
