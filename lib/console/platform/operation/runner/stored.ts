import { withinTime } from '../../../../core/time-limit.ts'
import { reasonOf } from '../../part/reason.ts'
import { RefusalError } from '../../refusal.ts'

/** How long an answer of the store is waited for, even if Postgres hangs (ms). */
const LONGEST = 3_000

/** The store's answer, or a refusal that says why there is none. */
export async function stored<T>(reading: Promise<T>): Promise<T> {
  try {
    return await withinTime(reading, LONGEST)
  } catch (error) {
    if (error instanceof RefusalError) throw error
    throw new RefusalError({
      code: 'unavailable',
      message: `${reasonOf('Postgres', error)}.`,
      nextStep: 'Try again when Postgres is back.',
    })
  }
}
