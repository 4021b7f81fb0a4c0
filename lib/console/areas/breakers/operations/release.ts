import { z } from 'zod'
import { endingFields, endingOperation } from '../../../fleet/ending-operation.ts'
import { inProcesses } from '../../../fleet/holders.ts'
import { Name } from '../../../platform/operation/input.ts'
import { breakerFigures } from '../acts/affected-series.ts'
import { breakerHolders } from '../acts/target.ts'

export const releaseBreaker = endingOperation({
  id: 'breaker.release',
  title: 'Release a breaker',
  description: 'Ends a forced state: the breaker returns to the state computed from its calls.',
  permission: 'breaker:release',
  targetKind: 'breaker',
  place: 'breakers?act=breaker.release',
  input: z.strictObject({ breaker: Name, ...endingFields }),
  ends: 'breaker.force',
  nameOf: ({ breaker }) => breaker,
  holders: breakerHolders,
  isHeld: ({ breaker }) => breaker.forced !== undefined,
  words(name, forced) {
    const opening = forced.filter(({ breaker }) => breaker.computed.state === 'open')
    return {
      action: 'Release',
      again: `${name} returns to its computed state`,
      warnings: opening.length > 0 ? [`Its computed state is open ${inProcesses(opening.length)}.`] : [],
      did: `Released ${name}`,
      nothing: {
        now: `${name} is not forced there`,
        later: 'processes that start later will not be either',
        toDo: 'there is nothing to release',
      },
    }
  },
  affects: breakerFigures,
})
