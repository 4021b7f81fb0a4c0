import { reasonOf } from '../../parts.ts'
import { RefusalError } from '../../refusal.ts'

/** What the store answers, or a refusal that says why there is none. Not even a Postgres that hangs is waited for longer than this. */
export async function stored<T>(reading: Promise<T>): Promise<T> {
  try {
    return await Promise.race([reading, pause(3_000).then(() => Promise.reject(new Error('timed out')))])
  } catch (error) {
    if (error instanceof RefusalError) throw error
    throw new RefusalError({
      code: 'unavailable',
      message: `${reasonOf('Postgres', error)}.`,
      nextStep: 'Try again when Postgres is back.',
    })
  }
}

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms).unref())
