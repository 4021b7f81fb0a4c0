import { InfrastructureError } from '../../core/errors.ts'

/** How long a job may go on after its signal has aborted, ms. */
const GRACE = 500

/** Thrown in place of a job's outcome when the worker closes and the job does not end in time. */
export class GivenUp extends Error {}

/**
 * Waits for the work, but no longer than half a second after the signal: then rejects with GivenUp, or with the signal's reason where that
 * is how the job ends.
 */
export function untilGivenUp<T>(work: () => Promise<T> | T, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const stop = () => {
      const { reason } = signal
      const error = endsJob(reason) ? reason : new GivenUp('The worker closed before the job ended')
      timer = setTimeout(() => reject(error), GRACE)
    }
    signal.addEventListener('abort', stop, { once: true })
    const run = async () => work()
    run()
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
      })
  })
}

/** A job whose signal aborted for this reason has failed with it; for any other, its worker is being closed. */
export const endsJob = (reason: unknown): reason is InfrastructureError => reason instanceof InfrastructureError

/** Resolves with true when it ends in time. */
export async function endsWithin(done: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>(resolve => {
    timer = setTimeout(resolve, ms, false)
  })
  try {
    return await Promise.race([done.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
