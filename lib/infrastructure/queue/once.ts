import { type Idempotency, IdempotencyError } from '../idempotency/index.ts'
import { GivenUp } from './give-up.ts'
import type { Job, JobHandler } from './port.ts'

/** After which a job is tried again whose key is in flight elsewhere (ms). */
const AGAIN_AFTER_MS = 1_000

/** Handles jobs of one key once, over all processes with the same store. */
export function handledOnce(
  queue: string,
  handler: JobHandler,
  keyOf: (job: Job) => string,
  idempotency: Pick<Idempotency, 'run'>,
): JobHandler {
  return async job => {
    const { signal: ended } = job
    const work = async ({ signal }: { signal: AbortSignal }) =>
      (await handler(Object.create(job, { signal: { value: AbortSignal.any([ended, signal]) } }) as Job)) ?? null
    try {
      return await idempotency.run(`${queue}:${keyOf(job)}`, { onCrash: 'retry', waitMs: 0 }, work)
    } catch (error) {
      // The first run is still going on: this job waits for it in its queue, not in a place of the worker, and spends no attempt on that.
      if (error instanceof IdempotencyError && error.code === 'IN_FLIGHT')
        throw new GivenUp(error.message, { delayMs: AGAIN_AFTER_MS })
      throw error
    }
  }
}
