import { z } from 'zod'
import { endingFields, endingOperation } from '../../../fleet/ending-operation.ts'
import { holdersOf } from '../../../fleet/holders.ts'
import { Name } from '../../../platform/operation/input.ts'
import { PROVIDERS } from '../provider-item.ts'

export const releaseProvider = endingOperation({
  id: 'provider.release',
  title: 'Release a provider',
  description: 'Ends a forced provider: the first one that takes the call serves again.',
  permission: 'provider:force',
  targetKind: 'provider set',
  input: z.strictObject({ set: Name, ...endingFields }),
  ends: 'provider.force',
  nameOf: ({ set }) => set,
  holders: (environment, set, scope) => holdersOf(environment, PROVIDERS, set, scope),
  isHeld: ({ item }) => item.forced !== undefined,
  words: (name, _, holders) => ({
    action: 'Release',
    again: `${name} follows its order again`,
    detail: `: ${holders[0]?.item.providers.map(provider => provider.name).join(', ')}`,
    did: `Released ${name}`,
    nothing: {
      now: `${name} is not forced there`,
      later: 'processes that start later will not be either',
      toDo: 'there is nothing to release',
    },
  }),
})
