import { RefusalError } from '../refusal.ts'
import type { Settings } from '../settings/port.ts'

/** Refuses an environment that this console does not watch; the refusal names those it does. */
export function unknownEnvironment({ environments }: Pick<Settings, 'environments'>): RefusalError {
  return new RefusalError({
    code: 'not_found',
    message: 'There is no such environment.',
    fields: { environment: `must be one of ${environments.map(({ name }) => name).join(', ')}` },
  })
}
