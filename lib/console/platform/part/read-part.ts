import { InfrastructureError } from '../../../core/errors.ts'
import type { Outages } from './outages.ts'
import type { Part } from './part.ts'
import { nextStepOf, reasonOf } from './reason.ts'

/** Below the four seconds in which a page must have answered, and above what any connection of a view waits (ms). */
const PART_DEADLINE = 2_500

/** Turns a reading into a part: what it gave, or why it did not within the deadline (ms). Never rejects. */
export async function part<T>(
  source: string,
  known: Outages,
  reading: Promise<T>,
  deadline = PART_DEADLINE,
): Promise<Part<T>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(new InfrastructureError(`${source} did not answer within ${deadline / 1000} s`, { retryable: true })),
      deadline,
    )
  })
  try {
    const data = await Promise.race([reading, late])
    known.note(source, false)
    return { status: 'up', data, at: Date.now() }
  } catch (error) {
    return {
      status: 'down',
      reason: reasonOf(source, error),
      since: known.note(source, true, error),
      nextStep: nextStepOf(source, error),
    }
  } finally {
    clearTimeout(timer)
  }
}
