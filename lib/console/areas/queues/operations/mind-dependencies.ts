import { z } from 'zod'
import { endingFields, endingOperation } from '../../../fleet/ending-operation.ts'
import { Name } from '../../../platform/operation/input.ts'
import { breakersOfAll, dependentHolders } from '../dependents.ts'

export const mindDependencies = endingOperation({
  id: 'worker.mind-dependencies',
  title: 'Hold jobs back again',
  description: 'The workers of a queue take no jobs again while a breaker is open on which they depend.',
  permission: 'queue:resume',
  targetKind: 'queue',
  input: z.strictObject({ queue: Name, ...endingFields }),
  ends: 'worker.ignore-dependencies',
  nameOf: ({ queue }) => queue,
  holders: dependentHolders,
  isHeld: ({ item }) => item.ignoring !== undefined,
  words: (name, _, holders) => ({
    action: 'Hold back',
    again: `Workers of ${name} wait for ${breakersOfAll(holders)} again`,
    did: `Workers of ${name} wait for their breakers again`,
    nothing: {
      now: `Workers of ${name} depend on their breakers as declared`,
      later: 'nothing changes',
      toDo: 'there is nothing to end',
    },
  }),
})
