import { z } from 'zod'
import { endingFields, endingOperation } from '../../../fleet/ending-operation.ts'
import { Name } from '../../../platform/operation/input.ts'
import { cacheHolders } from '../acts/cache-holders.ts'

export const switchCacheOn = endingOperation({
  id: 'cache.switch-on',
  title: 'Switch a cache on',
  description: 'Serves from it and stores in it again.',
  permission: 'cache:switch',
  targetKind: 'cache',
  input: z.strictObject({ cache: Name, ...endingFields }),
  ends: 'cache.switch',
  nameOf: ({ cache }) => cache,
  holders: cacheHolders,
  isHeld: ({ item }) => item.switched !== undefined,
  words: name => ({
    action: 'Switch on',
    again: `${name} will be on again`,
    did: `Switched on ${name}`,
    nothing: {
      now: `${name} is on there`,
      later: 'processes that start later will be too',
      toDo: 'there is nothing to end',
    },
  }),
})
